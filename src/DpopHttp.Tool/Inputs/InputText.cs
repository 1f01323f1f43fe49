using System.Text;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Inputs;

/// <summary>Reads a text that a command works on: from a file, or from standard input for "-".</summary>
internal static class InputText
{
    /// <summary>More than a long recording of a browser, and less than what would be a mistake.</summary>
    private const int MaximumLength = 256 * 1024 * 1024;

    /// <exception cref="ToolException">It can't be read.</exception>
    public static async Task<string> ReadAsync(ToolConsole console, string path, CancellationToken cancellationToken)
    {
        if (path == "-")
        {
            return await console.Input.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return new FileInfo(path) is { Exists: true, Length: > MaximumLength }
                ? throw new ToolException($"The file {path} has more than {MaximumLength} bytes. Give the command a part of it.")
                : await File.ReadAllTextAsync(path, Encoding.UTF8, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"The file {path} can't be read: {exception.Message}", exception);
        }
    }

    /// <summary>One secret or proof: the text without the white space around it.</summary>
    /// <exception cref="ToolException">It can't be read, or nothing is there.</exception>
    public static async Task<string> ReadWordAsync(ToolConsole console, string path, string what, CancellationToken cancellationToken)
    {
        string word = (await ReadAsync(console, path, cancellationToken).ConfigureAwait(false)).Trim();
        return word.Length > 0
            ? word
            : throw new ToolException($"There is no {what} in {(path == "-" ? "standard input" : $"the file {path}")}: it is empty.");
    }
}
