using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace DpopHttp.Integrations.Tests.Rpc;

/// <summary>A gRPC service that answers with the number of bytes that it got.</summary>
internal sealed class Sizes : IServiceMethodProvider<Sizes>
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static Method<byte[], byte[]> Unary { get; } = new(MethodType.Unary, "test.Sizes", "Unary", Bytes, Bytes);

    public static Method<byte[], byte[]> Upload { get; } = new(MethodType.ClientStreaming, "test.Sizes", "Upload", Bytes, Bytes);

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Sizes> context)
    {
        context.AddUnaryMethod(Unary, [], (_, request, _) => Task.FromResult(BitConverter.GetBytes(request.Length)));
        context.AddClientStreamingMethod(Upload, [], async (_, requests, call) =>
        {
            int length = 0;
            await foreach (byte[] part in requests.ReadAllAsync(call.CancellationToken))
            {
                length += part.Length;
            }

            return BitConverter.GetBytes(length);
        });
    }
}
