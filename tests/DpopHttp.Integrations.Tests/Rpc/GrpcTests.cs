using System.Net;
using DpopHttp.Integrations.Tests.Support;
using Grpc.AspNetCore.Server.Model;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Integrations.Tests.Rpc;

public class GrpcTests
{
    [Fact]
    public async Task A_client_of_the_factory_works()
    {
        await using Gate gate = await StartAsync(HttpProtocols.Http2);
        Uri address = gate.Address;
        ServiceCollection services = new();
        services.AddGrpcClient<SizesClient>(options => options.Address = address)
            .AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        await AssertWorksAsync(gate, provider.GetRequiredService<SizesClient>());
    }

    [Fact]
    public async Task A_channel_works()
    {
        await using Gate gate = await StartAsync(HttpProtocols.Http2);
        Uri address = gate.Address;
        using DpopKey key = DpopKey.Generate();

        DpopHandler handler = new(key) { InnerHandler = new SocketsHttpHandler() };
        using GrpcChannel channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler });

        await AssertWorksAsync(gate, new SizesClient(channel.CreateCallInvoker()));
    }

    [Fact]
    public async Task Grpc_web_outside_of_the_proof_works()
    {
        await using Gate gate = await StartAsync(HttpProtocols.Http1);
        Uri address = gate.Address;
        ServiceCollection services = new();
        services.AddGrpcClient<SizesClient>(options => options.Address = address)
            .ConfigureChannel(channel => channel.HttpVersion = HttpVersion.Version11)
            .AddHttpMessageHandler(() => new GrpcWebHandler(GrpcWebMode.GrpcWeb))
            .AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        await AssertWorksAsync(gate, provider.GetRequiredService<SizesClient>());
    }

    [Theory]
    [InlineData(GrpcWebMode.GrpcWeb)]
    [InlineData(GrpcWebMode.GrpcWebText)]
    public async Task Grpc_web_as_the_primary_handler_works(GrpcWebMode mode)
    {
        await using Gate gate = await StartAsync(HttpProtocols.Http1);
        ServiceCollection services = new();
        services.AddGrpcClient<SizesClient>(options => options.Address = gate.Address)
            .ConfigureChannel(channel => channel.HttpVersion = HttpVersion.Version11)
            .ConfigurePrimaryHttpMessageHandler(() => new GrpcWebHandler(mode, new SocketsHttpHandler()))
            .AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();

        // Of a stream in text mode, the server reads no more than a first part.
        await AssertWorksAsync(gate, provider.GetRequiredService<SizesClient>(), upload: mode == GrpcWebMode.GrpcWeb ? 50_000 : 9_000);
    }

    private static async Task AssertWorksAsync(Gate gate, SizesClient sizes, int upload = 50_000)
    {
        await gate.AssertOneChallengeForEachNonceAsync(() => sizes.SendAsync(5));
        gate.Rotate();
        await gate.AssertOneChallengeForEachNonceAsync(() => sizes.UploadAsync(upload));
    }

    private static Task<Gate> StartAsync(HttpProtocols protocols) => Gate.StartAsync(
        app =>
        {
            app.UseGrpcWeb(new GrpcWebOptions { DefaultEnabled = true });
            app.MapGrpcService<Sizes>();
        },
        services =>
        {
            services.AddGrpc();
            services.AddSingleton<IServiceMethodProvider<Sizes>, Sizes>();
        },
        protocols);
}
