using System.Globalization;
using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Interop.Tests.Grpc;

/// <summary>gRPC over a server of another implementation, which never sends 100 Continue: what each call costs on the wire.</summary>
public class GrpcTests
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);
    private static readonly Method<byte[], byte[]> Unary = new(MethodType.Unary, "test.Sizes", "Unary", Bytes, Bytes);
    private static readonly Method<byte[], byte[]> Stream = new(MethodType.ClientStreaming, "test.Sizes", "Stream", Bytes, Bytes);

    [Theory]
    [InlineData("unary", 5)]
    [InlineData("unary", 100_000)]
    [InlineData("unary", 4_000_000)]
    [InlineData("stream", 5)]
    [InlineData("stream", 50_000)]
    public async Task A_nonce_costs_one_request_cold_and_rotated_and_none_while_it_is_known(string kind, int length)
    {
        await using GrpcServer server = await GrpcServer.StartAsync(nonces: true);
        using DpopKey key = DpopKey.Generate();
        using GrpcChannel channel = Channel(server, key);
        CallInvoker invoker = channel.CreateCallInvoker();
        Assert.Equal(length, await CallOnceMoreAsync(invoker, kind, length));
        Assert.Equal([(false, false), (true, false)], await server.TakeCallsAsync());
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(length, await CallAsync(invoker, kind, length));
        }

        Assert.Equal([(true, false), (true, false), (true, false)], await server.TakeCallsAsync(rotate: true));
        Assert.Equal(length, await CallOnceMoreAsync(invoker, kind, length));
        Assert.Equal([(false, false), (true, false)], await server.TakeCallsAsync());
    }

    [Fact]
    public async Task Where_nonces_are_never_used_no_call_costs_more_than_itself()
    {
        await using GrpcServer server = await GrpcServer.StartAsync(nonces: false);
        using DpopKey key = DpopKey.Generate();
        using GrpcChannel channel = Channel(server, key);
        foreach (int length in (int[])[5, 100_000, 4_000_000, 5, 100_000])
        {
            Assert.Equal(length, await CallAsync(channel.CreateCallInvoker(), "unary", length));
            Assert.Equal(length, await CallAsync(channel.CreateCallInvoker(), "stream", length));
        }

        IReadOnlyList<(bool Accepted, bool Expects)> calls = await server.TakeCallsAsync();
        Assert.Equal(10, calls.Count);
        Assert.All(calls, call => Assert.Equal((true, false), call));
    }

    [Fact]
    public async Task A_client_of_the_factory_succeeds_with_its_first_call()
    {
        await using GrpcServer server = await GrpcServer.StartAsync(nonces: true);
        ServiceCollection services = new();
        services.AddGrpcClient<SizesClient>(options => options.Address = server.Uri).AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Equal(7, await provider.GetRequiredService<SizesClient>().UnaryAsync(7));
        Assert.Equal([(false, false), (true, false)], await server.TakeCallsAsync());
    }

    /// <summary>On a busy machine the refusal of a message that is longer than what is kept may come late: it is the caller's then, and the nonce is known.</summary>
    private static async Task<int> CallOnceMoreAsync(CallInvoker invoker, string kind, int length)
    {
        try
        {
            return await CallAsync(invoker, kind, length);
        }
        catch (RpcException exception) when (length > 64 * 1024 && exception.StatusCode == StatusCode.Unauthenticated)
        {
            return await CallAsync(invoker, kind, length);
        }
    }

    private static async Task<int> CallAsync(CallInvoker invoker, string kind, int length)
    {
        CallOptions options = new(new Metadata { { "authorization", "DPoP opaque" } });
        if (kind == "unary")
        {
            return Parse(await invoker.AsyncUnaryCall(Unary, host: null, options, new byte[length]));
        }

        using AsyncClientStreamingCall<byte[], byte[]> call = invoker.AsyncClientStreamingCall(Stream, host: null, options);
        foreach (byte[] part in new byte[length].Chunk(16_384))
        {
            await call.RequestStream.WriteAsync(part);
        }

        await call.RequestStream.CompleteAsync();
        return Parse(await call);
    }

    private static GrpcChannel Channel(GrpcServer server, DpopKey key) => GrpcChannel.ForAddress(server.Uri, new GrpcChannelOptions
    {
        // A busy machine may take longer than the default of one second to refuse; a call that is accepted waits this long once.
        HttpHandler = new DpopHandler(key) { InnerHandler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromSeconds(5) } },
        DisposeHttpClient = true,
        MaxSendMessageSize = null,
    });

    private static int Parse(byte[] answer) => int.Parse(Encoding.ASCII.GetString(answer), CultureInfo.InvariantCulture);

    public sealed class SizesClient(CallInvoker invoker) : ClientBase(invoker)
    {
        public async Task<int> UnaryAsync(int length) => await CallAsync(CallInvoker, "unary", length);
    }
}
