using System.Text.RegularExpressions;

namespace DpopHttp.Tool.Tests.Support;

/// <summary>A command that runs until it is ended.</summary>
internal sealed partial class RunningTool(Task<int> run, StringWriter output, StringWriter error, CancellationTokenSource end) : IAsyncDisposable
{
    public string Output => Read(output);

    /// <summary>The address that it printed.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The origin of that address.</summary>
    public string Origin => new Uri(Url).GetLeftPart(UriPartial.Authority);

    public async Task<RunningTool> WaitForUrlAsync()
    {
        while (!run.IsCompleted && !UrlPattern().IsMatch(Output))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.False(run.IsCompleted, Read(error));
        Url = UrlPattern().Match(Output).Value;
        return this;
    }

    public async Task<int> EndAsync()
    {
        await end.CancelAsync();
        return await run;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        end.Dispose();
    }

    private static string Read(StringWriter writer)
    {
        lock (writer)
        {
            return writer.ToString();
        }
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+\S*(?=\s)")]
    private static partial Regex UrlPattern();
}
