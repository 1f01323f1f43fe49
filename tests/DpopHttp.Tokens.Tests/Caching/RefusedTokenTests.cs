using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Caching;

/// <summary>The API says invalid_token of a token that should be good.</summary>
public class RefusedTokenTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_renewed_once_and_the_request_sent_again_with_its_body(bool async)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        using HttpClient http = bench.CreateClient();
        (await http.SendAsync(Post("first"), async)).Dispose();
        bench.Tokens.Revoke("token-1");
        using HttpResponseMessage response = await http.SendAsync(Post("second"), async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["DPoP token-1", "DPoP token-1", "DPoP token-2"], bench.Api.Authorizations);
        Assert.Equal(["first", "second"], bench.Api.Bodies);
    }

    [Fact]
    public async Task A_body_that_can_be_sent_once_is_not_sent_twice_and_the_next_call_has_a_new_token()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        using HttpClient http = bench.CreateClient();
        (await http.SendAsync(Post("first"), async: true)).Dispose();
        bench.Tokens.Revoke("token-1");
        using HttpRequestMessage request = new(HttpMethod.Post, "orders") { Content = new OneWayContent(100_000) };
        request.Headers.ExpectContinue = false;
        using HttpResponseMessage refused = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using HttpResponseMessage next = await http.SendAsync(Post("next"), async: true);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal(["first", "next"], bench.Api.Bodies);
    }

    [Fact]
    public async Task Concurrent_refusals_make_one_token_request()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        (await bench.GetAsync()).Dispose();
        bench.Tokens.Revoke("token-1");
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => bench.GetAsync()));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(2, bench.Tokens.Arrivals);
    }

    [Fact]
    public async Task An_API_that_refuses_every_token_does_not_get_a_token_request_for_each_call()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        bench.Api.RefusesAll = true;
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage response = await bench.GetAsync();
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Equal(2, bench.Tokens.Arrivals);
        Assert.Contains("ReplacementPaused", bench.Logged);

        // Later it may be the token again.
        time.Advance(TimeSpan.FromSeconds(6));
        bench.Api.RefusesAll = false;
        bench.Tokens.Revoke("token-2");
        using HttpResponseMessage later = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task When_no_other_can_be_had_the_refusal_is_the_callers()
    {
        await using TokenBench bench = await TokenBench.StartAsync(time: new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        (await bench.GetAsync()).Dispose();
        bench.Tokens.Revoke("token-1");
        bench.Tokens.Refuse(400, "invalid_client");
        for (int i = 0; i < 10; i++)
        {
            using HttpResponseMessage response = await bench.GetAsync();
            Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), (response.StatusCode, response.GetDpopChallenge()?.Error));
        }

        // One for the first token, and one that was refused.
        Assert.Equal(2, bench.Tokens.Arrivals);
        Assert.Contains("ReplacementFailed", bench.Logged);
    }

    [Fact]
    public async Task Another_token_that_is_there_is_used_also_shortly_after_a_renewal_failed()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        using Gate gate = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time, addTokens: (client, server) => client
            .ConfigurePrimaryHttpMessageHandler(() => gate)
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")));
        bench.Tokens.Lifetime = TimeSpan.FromSeconds(1000);
        (await bench.GetAsync()).Dispose();

        // Two seconds before its end the token cannot be renewed, and a call goes out with it that takes long to arrive.
        time.Advance(TimeSpan.FromSeconds(998));
        bench.Tokens.Fail(503, retryAfter: "3");
        gate.Close();
        Task<HttpResponseMessage> slow = bench.GetAsync();
        await Eventually.IsTrueAsync(() => gate.Waiting == 1);
        time.Advance(TimeSpan.FromSeconds(3));
        bench.Tokens.Recover();
        Task<HttpResponseMessage> next = bench.GetAsync();
        await Eventually.IsTrueAsync(() => gate.Waiting == 2);
        gate.Open();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await slow).StatusCode, (await next).StatusCode));
        Assert.Equal(3, bench.Tokens.Arrivals);
    }

    [Fact]
    public async Task A_new_token_that_expires_on_its_way_is_renewed_however_short_it_lives()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        using Gate gate = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time, addTokens: (client, server) => client
            .ConfigurePrimaryHttpMessageHandler(() => gate)
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")));
        bench.Tokens.Lifetime = TimeSpan.FromSeconds(4);
        (await bench.GetAsync()).Dispose();
        bench.Tokens.Revoke("token-1");
        (await bench.GetAsync()).Dispose();
        gate.Close();
        Task<HttpResponseMessage> slow = bench.GetAsync();
        await Eventually.IsTrueAsync(() => gate.Waiting == 1);
        time.Advance(TimeSpan.FromSeconds(4.5));
        gate.Open();
        Assert.Equal((HttpStatusCode.OK, 3), ((await slow).StatusCode, bench.Tokens.Arrivals));
    }

    [Fact]
    public async Task A_handler_outside_that_sends_again_with_a_token_of_its_own_keeps_that()
    {
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) => client
            .AddHttpMessageHandler(() => new OwnTokenOnRefusal())
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")));
        bench.Api.RefusesAll = true;
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(["DPoP token-1", "DPoP token-2", "DPoP my-own"], bench.Api.Authorizations);
    }

    private static HttpRequestMessage Post(string body) => new(HttpMethod.Post, "orders") { Content = new StringContent(body) };

    private sealed class OwnTokenOnRefusal : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized)
            {
                return response;
            }

            response.Dispose();
            request.Headers.Authorization = new("DPoP", "my-own");
            return await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Holds up what is on its way to the API.</summary>
    private sealed class Gate() : DelegatingHandler(new SocketsHttpHandler())
    {
        private TaskCompletionSource? _closed;
        private int _waiting;

        public int Waiting => Volatile.Read(ref _waiting);

        public void Close() => _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _closed!.SetResult();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (_closed is { } closed)
            {
                Interlocked.Increment(ref _waiting);
                await closed.Task;
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
