using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>The client that asks for another's tokens.</summary>
public class BackChannelTests
{
    [Fact]
    public async Task A_redirect_of_the_token_endpoint_takes_no_secret_along()
    {
        int foreign = 0;
        await using LoopbackServer elsewhere = await LoopbackServer.StartAsync(context =>
        {
            foreign++;
            return Task.CompletedTask;
        });
        await using TokenBench bench = await TokenBench.StartAsync(options => options.ClientSecretLocation = DpopClientSecretLocation.Body);
        bench.Tokens.Instead = context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = elsewhere.BaseAddress.AbsoluteUri;
            return Task.FromResult(true);
        };
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal((0, 1), (foreign, bench.Tokens.Arrivals));
    }

    [Fact]
    public async Task Token_and_calls_have_the_same_key_also_where_clients_share_one()
    {
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) =>
        {
            client.Services.AddDpopKey("shared", _ => { }).AddHttpClient("other").AddDpop(options => options.KeyName = "shared");
            client.AddDpop(options => options.KeyName = "shared").AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret"));
        });
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        DpopKeyRing ring = bench.Services.GetRequiredService<DpopKeyRing>();
        Assert.Equal(ring.Get("other").Thumbprint, bench.Tokens.Requests.Single().Thumbprint);
        Assert.Same(ring.Get("other"), ring.Get($"{TokenBench.Client}.tokens"));
    }

    [Fact]
    public async Task After_a_rotation_the_next_call_has_a_token_for_the_new_key()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        (await bench.GetAsync()).Dispose();
        DpopKey next = bench.Services.GetRequiredService<DpopKeyRing>().Rotate(TokenBench.Client);
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(next.Thumbprint, bench.Tokens.Requests[1].Thumbprint);
        Assert.Equal(["DPoP token-1", "DPoP token-2"], bench.Api.Authorizations);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_set_up_like_any_client_before_or_after(bool before)
    {
        List<string> seen = [];
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) =>
        {
            void SetUp() => client.ConfigureDpopBackChannel(back => back.AddHttpMessageHandler(() => new Watch(seen)));
            if (before)
            {
                SetUp();
            }

            client.AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret"));
            if (!before)
            {
                SetUp();
            }
        });
        (await bench.GetAsync()).Dispose();
        Assert.Equal(["/token"], seen);
    }

    [Fact]
    public async Task It_speaks_HTTP_2_where_it_is_told_to()
    {
        await using TokenServer server = await TokenServer.StartAsync(protocols: HttpProtocols.Http2);
        List<string> protocols = [];
        server.Instead = context =>
        {
            protocols.Add(context.Request.Protocol);
            return Task.FromResult(false);
        };
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, _) => client
            .ConfigureDpopBackChannel(back => back.ConfigureHttpClient(http => (http.DefaultRequestVersion, http.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact)))
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")));
        (await bench.GetAsync()).Dispose();
        Assert.NotEmpty(protocols);
        Assert.All(protocols, protocol => Assert.Equal("HTTP/2", protocol));
    }

    [Theory]
    [InlineData(null, 120)]
    [InlineData(30, 30)]
    public async Task Its_proofs_expire_as_the_clients_do_unless_it_says_otherwise(int? own, int expected)
    {
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) =>
        {
            client.AddDpop(options => options.ProofLifetime = TimeSpan.FromMinutes(2))
                .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret"));
            if (own is { } seconds)
            {
                client.Services.Configure<DpopOptions>($"{TokenBench.Client}.tokens", options => options.ProofLifetime = TimeSpan.FromSeconds(seconds));
            }
        });
        List<long> lifetimes = [];
        bench.Tokens.Instead = context =>
        {
            JsonWebToken proof = new(context.Request.Headers["DPoP"].ToString());
            lifetimes.Add(proof.GetPayloadValue<long>("exp") - proof.GetPayloadValue<long>("iat"));
            return Task.FromResult(false);
        };
        (await bench.GetAsync()).Dispose();
        Assert.Equal([expected], lifetimes);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task It_starts_with_the_nonce_in_the_store_of_its_client_or_of_the_container(bool isOfClient, bool async)
    {
        await using TokenServer server = await TokenServer.StartAsync();
        server.Nonce = "nonce-1";
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        async Task<int> StartAsync()
        {
            int before = server.Arrivals - server.Requests.Length;
            DpopNonceStore store = DpopNonceStore.InFile(Path.Combine(folder.FullName, "nonces.json"));
            await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, _) =>
            {
                client.AddDpop(options => options.NonceStore = isOfClient ? store : null)
                    .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret"));
                if (!isOfClient)
                {
                    client.Services.AddSingleton(store);
                }
            });
            (await bench.GetAsync(async)).Dispose();
            return server.Arrivals - server.Requests.Length - before;
        }

        Assert.Equal((1, 0), (await StartAsync(), await StartAsync()));
        folder.Delete(recursive: true);
    }

    private sealed class Watch(List<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
