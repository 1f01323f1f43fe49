using System.Diagnostics;
using System.Net;

namespace DpopHttp.Http.Bodies;

/// <summary>One attempt to send a body that can be read once.</summary>
internal sealed class OneShotContent(OneShotBody body, HttpContent callers) : AttemptContent(callers)
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begun = Stopwatch.GetTimestamp();
        return body.CopyToAsync(this, stream, context, cancellationToken);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begun = Stopwatch.GetTimestamp();
        body.CopyTo(this, stream, context, cancellationToken);
    }
}
