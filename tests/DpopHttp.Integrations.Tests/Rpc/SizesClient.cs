using Grpc.Core;

namespace DpopHttp.Integrations.Tests.Rpc;

/// <summary>What a generated client of the service does.</summary>
internal sealed class SizesClient(CallInvoker invoker) : ClientBase(invoker)
{
    private static readonly CallOptions Options = new(new Metadata { { "authorization", "Bearer opaque" } });

    public async Task SendAsync(int length) =>
        Assert.Equal(length, BitConverter.ToInt32(await CallInvoker.AsyncUnaryCall(Sizes.Unary, host: null, Options, new byte[length])));

    public async Task UploadAsync(int length)
    {
        using AsyncClientStreamingCall<byte[], byte[]> call = CallInvoker.AsyncClientStreamingCall(Sizes.Upload, host: null, Options);
        foreach (byte[] part in new byte[length].Chunk(10_000))
        {
            await call.RequestStream.WriteAsync(part);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(length, BitConverter.ToInt32(await call));
    }
}
