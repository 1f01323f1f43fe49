using System.Net;
using System.Net.Http.Headers;

namespace DpopHttp.Http.Bodies;

/// <summary>Wraps a body that can be sent once, and knows whether its sending has begun. Does not own the body.</summary>
internal sealed class OneShotContent : HttpContent
{
    private const int Idle = 0;
    private const int Begun = 1;
    private const int Closed = 2;

    private readonly HttpContent _body;
    private int _state;

    public OneShotContent(HttpContent body)
    {
        _body = body;

        // Asked for before the copy: the getter is what computes it.
        long? length = body.Headers.ContentLength;
        foreach ((string name, HeaderStringValues values) in body.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }

        Headers.ContentLength = length;
    }

    /// <summary>Whether the body is untouched and can go out in another attempt. From then on this one cannot send it.</summary>
    public bool TryTakeBack() => Interlocked.CompareExchange(ref _state, Closed, Idle) != Begun;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begin();
        return _body.CopyToAsync(stream, context, cancellationToken);
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begin();
        _body.CopyTo(stream, context, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Headers.ContentLength ?? 0;
        return _body.Headers.ContentLength is not null;
    }

    private void Begin()
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Idle) == Closed)
        {
            throw new InvalidOperationException("The body has gone to another attempt.");
        }
    }
}
