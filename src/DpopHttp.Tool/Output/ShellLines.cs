using System.Text.RegularExpressions;

namespace DpopHttp.Tool.Output;

/// <summary>Shows a command so that it fits 80 columns and can still be copied.</summary>
internal static partial class ShellLines
{
    private const int Width = 76;

    /// <summary>The command in lines that a POSIX shell reads as one: a long one is broken before an option.</summary>
    public static IEnumerable<string> Of(string command)
    {
        string line = "";
        foreach (string part in OptionPattern().Split(command))
        {
            if (line.Length > 0 && line.Length + part.Length > Width)
            {
                yield return line + " \\";
                line = "   ";
            }

            line += part;
        }

        yield return line;
    }

    [GeneratedRegex("(?= --?[A-Za-z])")]
    private static partial Regex OptionPattern();
}
