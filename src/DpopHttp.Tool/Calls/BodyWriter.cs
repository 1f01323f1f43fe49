using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Calls;

/// <summary>Hands on the body of an answer as it comes, so that streams of events are seen at once and files of any size fit.</summary>
internal sealed class BodyWriter(ToolConsole console, string? file)
{
    private const int BufferSize = 64 * 1024;

    /// <exception cref="ToolException">The file can't be written, or the body isn't for a terminal.</exception>
    public async Task WriteAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            if (file is null)
            {
                await CopyAsync(body, console.OutputStream, cancellationToken).ConfigureAwait(false);
                return;
            }

            Stream counted = Progress.Of(console, body, response.Content.Headers.ContentLength, "received");
            Stream target = Create(file);
            await using (target.ConfigureAwait(false))
            {
                await counted.CopyToAsync(target, BufferSize, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task CopyAsync(Stream body, Stream target, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferSize];
        byte last = (byte)'\n';
        for (int count; (count = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            if (console.Terminal.IsOutput && buffer.AsSpan(0, count).Contains((byte)0))
            {
                throw new ToolException("The body is binary and would disturb the terminal. Write it to a file with --output.");
            }

            last = buffer[count - 1];
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            await target.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        if (console.Terminal.IsOutput && last != '\n')
        {
            await console.Output.WriteLineAsync().ConfigureAwait(false);
        }
    }

    private static FileStream Create(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"The file {file} can't be written: {exception.Message}", exception);
        }
    }
}
