using System.Collections.Concurrent;
using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.Http;

/// <summary>What another origin sees when the API redirects to it, taken by a real server there.</summary>
public class RedirectSafetyTests
{
    public static TheoryData<HttpStatusCode, bool, string> Cases
    {
        get
        {
            TheoryData<HttpStatusCode, bool, string> cases = [];
            foreach (HttpStatusCode status in (HttpStatusCode[])[HttpStatusCode.Moved, HttpStatusCode.Found, HttpStatusCode.SeeOther, HttpStatusCode.TemporaryRedirect, HttpStatusCode.PermanentRedirect])
            {
                foreach (string client in (string[])["by hand", "AddDpop", "primary before AddDpop", "primary after AddDpop", "HttpClientHandler"])
                {
                    cases.Add(status, true, client);
                    cases.Add(status, false, client);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Neither_token_nor_proof_nor_nonce_reaches_another_origin(HttpStatusCode status, bool async, string client)
    {
        ConcurrentQueue<(string? Authorization, string? Proof)> foreign = new();
        await using LoopbackServer evil = await LoopbackServer.StartAsync(context =>
        {
            foreign.Enqueue((context.Request.Headers.Authorization, context.Request.Headers["DPoP"]));

            // Asks for a proof of its own: who signs here hands over the token.
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "DPoP error=\"use_dpop_nonce\"";
            context.Response.Headers["DPoP-Nonce"] = "evil-nonce";
            return Task.CompletedTask;
        });
        await using ResourceServer api = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        using DpopKey key = DpopKey.Generate();
        await using ServiceProvider services = Services(key, client);
        using HttpClient http = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        using HttpResponseMessage warmUp = await http.GetAsync(api.BaseAddress, async, "DPoP opaque");
        api.Api.Enqueue(ProtectedResourceFault.Redirect(status, new Uri(evil.BaseAddress, "/steal")));
        using HttpRequestMessage request = new(HttpMethod.Post, api.BaseAddress) { Content = new StringContent("body") };
        request.Headers.Authorization = new("Bearer", "opaque");
        using HttpResponseMessage response = await http.SendAsync(request, async);

        Assert.All(foreign, seen => Assert.Equal((null, null), seen));
        int before = api.Api.Requests.Count;

        // A retry of the same request goes where the caller meant it to go.
        using HttpResponseMessage again = await http.SendAsync(Again(request), async);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(before + 1, api.Api.Requests.Count);
        Assert.All(api.Api.Requests, r => Assert.NotEqual("evil-nonce", r.Nonce));
        Assert.Equal(api.Api.Requests.Count, api.Api.Requests.Select(r => DecodedProof.Jti(r.Proof)).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_primary_that_moves_the_request_by_itself_gets_no_second_proof_and_teaches_nothing(bool async)
    {
        StubHandler server = new(request =>
        {
            request.RequestUri = new Uri("https://evil.example/");
            HttpResponseMessage response = new(HttpStatusCode.Unauthorized);
            response.Headers.Add("DPoP-Nonce", "evil-nonce");
            return response;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server);
        using HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
        request.Headers.Authorization = new("Bearer", "opaque");
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Single(server.Proofs);
        Assert.False(request.Headers.Contains("DPoP"));

        using HttpResponseMessage next = await client.GetAsync(new Uri("https://api.example.com/"), async);
        using HttpResponseMessage atEvil = await client.GetAsync(new Uri("https://evil.example/x"), async);
        Assert.All(server.Proofs, proof => Assert.Null(DecodedProof.Nonce(proof)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_shared_primary_that_was_already_used_is_a_clear_error(bool async)
    {
        await using ResourceServer api = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        using SocketsHttpHandler shared = new();
        using HttpMessageInvoker plain = new(shared, disposeHandler: false);
        using HttpResponseMessage used = await plain.SendAsync(new HttpRequestMessage(HttpMethod.Get, api.BaseAddress), async);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: shared);
        for (int i = 0; i < 2; i++)
        {
            DpopException exception = await Assert.ThrowsAsync<DpopException>(() => client.GetAsync(api.BaseAddress, async, "DPoP opaque"));
            Assert.Equal(DpopErrorCodes.PrimaryHandlerInUse, exception.Code);
            Assert.Contains("AllowAutoRedirect = false", exception.Message, StringComparison.Ordinal);
        }

        Assert.Single(api.Api.Requests);
    }

    [Fact]
    public async Task A_shared_primary_that_was_used_but_never_follows_is_fine()
    {
        await using ResourceServer api = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        using SocketsHttpHandler shared = new() { AllowAutoRedirect = false };
        using HttpMessageInvoker plain = new(shared, disposeHandler: false);
        using HttpResponseMessage used = await plain.SendAsync(new HttpRequestMessage(HttpMethod.Get, api.BaseAddress), async: true);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: shared);
        using HttpResponseMessage response = await client.GetAsync(api.BaseAddress, async: true, "DPoP opaque");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static ServiceProvider Services(DpopKey key, string client)
    {
        ServiceCollection services = new();
        IHttpClientBuilder builder = services.AddHttpClient("api");
        switch (client)
        {
            case "by hand":
                builder.AddHttpMessageHandler(() => new DpopHandler(key));
                break;
            case "AddDpop":
                builder.AddDpop(o => o.Key = key);
                break;
            case "primary before AddDpop":
                builder.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler()).AddDpop(o => o.Key = key);
                break;
            case "primary after AddDpop":
                builder.AddDpop(o => o.Key = key).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = true });
                break;
            case "HttpClientHandler":
                builder.AddDpop(o => o.Key = key).ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler());
                break;
        }

        return services.BuildServiceProvider();
    }

    /// <summary>HttpClient refuses the same instance; a resilience handler would not.</summary>
    private static HttpRequestMessage Again(HttpRequestMessage request)
    {
        HttpRequestMessage again = new(request.Method, request.RequestUri) { Content = request.Content };
        again.Headers.Authorization = request.Headers.Authorization;
        return again;
    }
}
