namespace DpopHttp.Http.Bodies;

/// <summary>Where one attempt sends its body, and how that ended.</summary>
internal sealed class Wire(Stream stream)
{
    /// <summary>Ends when all of the body was sent, when it cannot be sent, or when the attempt is over.</summary>
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Sends; a failure is the attempt's, and the caller's.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await stream.WriteAsync(bytes).ConfigureAwait(false);
        }
        catch (ObjectDisposedException exception)
        {
            // The stack has disposed the connection already: to whoever writes it is lost, as with a write that fails.
            IOException lost = new("The connection was lost before all of the body was sent.", exception);
            Done.TrySetException(lost);
            throw lost;
        }
        catch (Exception exception)
        {
            Done.TrySetException(exception);
            throw;
        }
    }

    /// <summary>Sends what another attempt could send too; a failure is the attempt's alone.</summary>
    public async ValueTask TryAsync(Func<Stream, ValueTask> send)
    {
        if (Done.Task.IsCompleted)
        {
            return;
        }

        try
        {
            await send(stream).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Done.TrySetException(exception);
        }
    }
}
