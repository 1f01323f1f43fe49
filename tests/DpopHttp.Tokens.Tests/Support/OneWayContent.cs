using System.Net;

namespace DpopHttp.Tokens.Tests.Support;

/// <summary>A body of known length and unknown kind that is gone once it was sent.</summary>
internal sealed class OneWayContent(int length) : HttpContent
{
    private bool _isSent;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Assert.False(_isSent, "The body was sent twice.");
        _isSent = true;
        return stream.WriteAsync(new byte[length]).AsTask();
    }

    protected override bool TryComputeLength(out long size)
    {
        size = length;
        return true;
    }
}
