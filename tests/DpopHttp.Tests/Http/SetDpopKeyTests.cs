using System.Collections.Concurrent;
using System.Net;
using DpopHttp.Tests.KeyRing;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.Http;

/// <summary>One request keeps one key, whatever it takes to get its answer.</summary>
public class SetDpopKeyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SetDpopKey_ANonceReplayAndARedirectOnTheSameOrigin_StaysWithTheRequest(bool async)
    {
        ConcurrentQueue<(string Path, string Signer, string? Nonce)> seen = [];
        await using LoopbackServer server = await StartAsync(seen);
        using DpopKey key = DpopKey.Generate();
        using DpopKey other = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = Request(server, other);
        request.SetDpopKey(other);
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([("/start", other.Thumbprint, null), ("/start", other.Thumbprint, "n1"), ("/target", other.Thumbprint, "n1")], seen);

        // The nonce is the server's: the client's own key tries it too.
        using HttpResponseMessage next = await client.SendAsync(Request(server, key), async);
        Assert.Equal(("/start", key.Thumbprint, "n1"), seen.ElementAt(3));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_request_under_way_ends_with_the_key_that_it_began_with(bool isBound, bool async)
    {
        ConcurrentQueue<(string Path, string Signer, string? Nonce)> seen = [];
        DpopKeyRing ring = null!;
        await using LoopbackServer server = await StartAsync(seen, () => ring.Rotate("api"));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(), () => new SocketsHttpHandler());
        ring = bench.Ring;
        DpopKey former = ring.Get("api");
        using HttpClient client = bench.Client("api");
        using HttpRequestMessage request = Request(server, isBound ? former : null);
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["/start", "/start", "/target"], seen.Select(s => s.Path));
        Assert.All(seen, s => Assert.Equal(former.Thumbprint, s.Signer));

        using HttpResponseMessage next = await client.SendAsync(Request(server, key: null), async);
        Assert.NotEqual(former.Thumbprint, seen.ElementAt(3).Signer);
    }

    [Fact]
    public async Task SetDpopKey_AnotherOrigin_GetsNoProof()
    {
        ConcurrentQueue<string?> proofs = [];
        await using LoopbackServer elsewhere = await LoopbackServer.StartAsync(context =>
        {
            proofs.Enqueue(context.Request.Headers["DPoP"]);
            return Task.CompletedTask;
        });
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(elsewhere.BaseAddress.AbsoluteUri);
            return Task.CompletedTask;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = Request(server, key);
        request.SetDpopKey(key);
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal([null], proofs);
    }

    [Fact]
    public void SetDpopKey_WithoutARequest_Throws()
    {
        using DpopKey key = DpopKey.Generate();
        Assert.Throws<ArgumentNullException>("request", () => ((HttpRequestMessage)null!).SetDpopKey(key));
    }

    [Fact]
    public async Task SetDpopKey_Null_IsTheClientsKeyAgain()
    {
        ConcurrentQueue<(string Path, string Signer, string? Nonce)> seen = [];
        await using LoopbackServer server = await StartAsync(seen);
        using DpopKey key = DpopKey.Generate();
        using DpopKey other = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = Request(server, key);
        request.SetDpopKey(other);
        request.SetDpopKey(null);
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.All(seen, s => Assert.Equal(key.Thumbprint, s.Signer));
    }

    /// <summary>Asks each key for a nonce, and sends who comes to /start on to /target.</summary>
    private static Task<LoopbackServer> StartAsync(ConcurrentQueue<(string Path, string Signer, string? Nonce)> seen, Action? between = null) =>
        LoopbackServer.StartAsync(context =>
        {
            string? proof = context.Request.Headers["DPoP"].Single();
            string? nonce = DecodedProof.Nonce(proof);
            seen.Enqueue((context.Request.Path.Value!, RingBench.SignerOf(proof), nonce));
            between?.Invoke();
            context.Response.Headers["DPoP-Nonce"] = "n1";
            if (nonce is null)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
            else if (context.Request.Path == "/start")
            {
                context.Response.Redirect("/target");
            }

            return Task.CompletedTask;
        });

    private static HttpRequestMessage Request(LoopbackServer server, DpopKey? key) => new(HttpMethod.Get, new Uri(server.BaseAddress, "/start"))
    {
        Headers = { { "Authorization", $"DPoP {(key is null ? "opaque" : JwtTokens.BoundTo(key))}" } },
    };
}
