using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>A Redis of the test's own on 127.0.0.1, that keeps nothing on disk. It can be killed, started again, and made to hang.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly string _program;
    private Process? _guard;
    private string _pid = "";

    private RedisServer(string program) => _program = program;

    /// <summary>Stays the same over a new start.</summary>
    public int Port { get; private set; }

    /// <summary>As an application has it.</summary>
    public string Configuration => $"127.0.0.1:{Port},abortConnect=false";

    /// <summary>For those who are to wait for it, however busy the machine is.</summary>
    public string PatientConfiguration => $"{Configuration},connectTimeout=60000,syncTimeout=60000,asyncTimeout=60000";

    public static async Task<RedisServer> StartAsync()
    {
        RedisServer server = new(RedisRequirement.Demand());
        try
        {
            do
            {
                server.Port = FreePort.Find();
            }
            while (!await server.TryStartAsync());

            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL: all that it held is lost.</summary>
    public async Task KillAsync()
    {
        _guard!.StandardInput.Close();
        await _guard.WaitForExitAsync().WaitAsync(Patience);
        _guard.Dispose();
        _guard = null;
    }

    /// <summary>Starts it again after a kill, empty.</summary>
    public async Task RestartAsync() => Assert.True(await TryStartAsync(), $"Redis did not start again on port {Port}.");

    /// <summary>SIGSTOP: connections stay open and are accepted, and nothing is answered.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    /// <summary>SIGCONT.</summary>
    public Task ResumeAsync() => SignalAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        if (_guard is not null)
        {
            await KillAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task<bool> TryStartAsync()
    {
        // A shell stands between, so that Redis ends with this process however that ends: then the shell's input is closed.
        _guard = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList =
            {
                "-c", "\"$@\" >/dev/null & echo $!; cat >/dev/null; kill -KILL $!; wait", "sh",
                _program, "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--protected-mode", "yes",
                "--save", "", "--appendonly", "no", "--rdbcompression", "no", "--dir", _folder.FullName,
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        _pid = await _guard.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? "";
        using CancellationTokenSource patience = new(Patience);
        while (!await AnswersAsync(patience.Token))
        {
            if (await HasEndedAsync())
            {
                // Somebody else was faster to take the port.
                await KillAsync();
                return false;
            }

            await Task.Delay(20, patience.Token);
        }

        return true;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using TcpClient connection = new();
            await connection.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            await using NetworkStream stream = connection.GetStream();
            await stream.WriteAsync("INFO server\r\n"u8.ToArray(), cancellationToken);
            using StreamReader reader = new(stream);

            // Another test's server may have taken the port in between.
            while (await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
            {
                if (line == $"process_id:{_pid}")
                {
                    return true;
                }
            }

            return false;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private async Task<bool> HasEndedAsync() => await RunAsync("kill", ["-0", _pid]) != 0;

    private async Task SignalAsync(string signal) => Assert.Equal(0, await RunAsync("kill", [signal, _pid]));

    private static async Task<int> RunAsync(string program, string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }}
