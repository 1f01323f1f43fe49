using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Tests.Output;

public sealed class ShellLinesTests
{
    [Theory]
    [InlineData("dpop proof --url https://api.example.com/orders", 1)]
    [InlineData("dpop token --issuer http://127.0.0.1:9449 --client-id demo --secret dyMk9hyfjt9m2pahIy60qtSN --for http://127.0.0.1:9449", 2)]
    [InlineData("dpop call https://api.example.com/upload-of-backups -X PUT -d @backup-of-today.tar -H 'Content-Type: application/x-tar' -v", 2)]
    public void A_command_is_broken_before_options_and_is_still_the_same(string command, int lines)
    {
        string[] shown = [.. ShellLines.Of(command)];
        Assert.Equal(lines, shown.Length);
        Assert.All(shown, line => Assert.InRange(line.Length, 1, 78));

        // A shell takes a backslash at the end of a line and the line's end for nothing.
        Assert.Equal(command, string.Join('\n', shown).Replace("\\\n   ", "", StringComparison.Ordinal).Replace("  ", " ", StringComparison.Ordinal));
    }
}
