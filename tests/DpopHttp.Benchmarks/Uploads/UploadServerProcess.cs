using System.Diagnostics;

namespace DpopHttp.Benchmarks.Uploads;

/// <summary>The upload server in a process of its own, so that its buffers do not count as the client's.</summary>
internal sealed class UploadServerProcess : IAsyncDisposable
{
    /// <summary>The argument that makes this program the server.</summary>
    public const string Command = "upload-server";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private UploadServerProcess(Process process) => _process = process;

    public Uri Http1 { get; private set; } = null!;

    public Uri Http2 { get; private set; } = null!;

    public static async Task<UploadServerProcess> StartAsync()
    {
        ProcessStartInfo start = new("dotnet", [typeof(UploadServerProcess).Assembly.Location, Command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        UploadServerProcess server = new(Process.Start(start)!);
        try
        {
            server.Http1 = await server.ReadUriAsync();
            server.Http2 = await server.ReadUriAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input lets it go; the kill is for when it does not.
        _process.StandardInput.Close();
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task<Uri> ReadUriAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        string? line = await _process.StandardOutput.ReadLineAsync(patience.Token);
        return new Uri(line ?? throw new InvalidOperationException("The upload server did not start."));
    }
}
