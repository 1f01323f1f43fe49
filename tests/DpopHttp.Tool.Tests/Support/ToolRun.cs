namespace DpopHttp.Tool.Tests.Support;

/// <summary>What one command printed and ended with.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    public string Word => Output.Trim();

    /// <summary>The command did its work.</summary>
    public ToolRun Succeeded()
    {
        Assert.True(ExitCode == 0, $"Exit code {ExitCode}. {Error}{Output}");
        return this;
    }

    /// <summary>The command refused: exit code 2, one message on standard error, no stack trace, nothing on standard output.</summary>
    public ToolRun Failed()
    {
        Assert.True(ExitCode == 2, $"Exit code {ExitCode}. {Error}{Output}");
        Assert.StartsWith("dpop: ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.Empty(Output);
        return this;
    }
}
