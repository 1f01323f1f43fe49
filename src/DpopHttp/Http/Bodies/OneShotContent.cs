using System.Diagnostics;
using System.Net;

namespace DpopHttp.Http.Bodies;

/// <summary>One attempt to send a body that can be read once.</summary>
internal sealed class OneShotContent(OneShotBody body, HttpContent callers) : AttemptContent(callers)
{
    /// <summary>Whether the stack has cancelled the sending, because the caller did or because the server ended the stream.</summary>
    public bool IsCancelledByStack { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begun = Stopwatch.GetTimestamp();
        try
        {
            await body.CopyToAsync(this, stream, context, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            IsCancelledByStack = true;
            throw;
        }
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begun = Stopwatch.GetTimestamp();
        body.CopyTo(this, stream, context, cancellationToken);
    }
}
