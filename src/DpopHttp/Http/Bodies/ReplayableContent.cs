using System.Diagnostics;
using System.Net;

namespace DpopHttp.Http.Bodies;

/// <summary>One attempt to send a body that can be sent any number of times; notes when that begins.</summary>
internal sealed class ReplayableContent(HttpContent callers) : AttemptContent(callers)
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begun = Stopwatch.GetTimestamp();
        return Callers.CopyToAsync(stream, context, cancellationToken);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begun = Stopwatch.GetTimestamp();
        Callers.CopyTo(stream, context, cancellationToken);
    }
}
