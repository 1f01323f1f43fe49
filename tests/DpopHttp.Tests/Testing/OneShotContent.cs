using System.Net;

namespace DpopHttp.Tests.Testing;

/// <summary>A body that can be sent once, and counts how often that was tried.</summary>
internal sealed class OneShotContent(string text) : HttpContent
{
    public int Serializations { get; private set; }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.Write(Bytes());

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await stream.WriteAsync(Bytes(), cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private byte[] Bytes() => ++Serializations == 1 ? System.Text.Encoding.UTF8.GetBytes(text) : [];
}
