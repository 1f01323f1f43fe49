using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Requests;

/// <summary>A client whose tokens come from a source of the application's own, which exchanges the token of a user over a socket.</summary>
public class TokenSourceTests
{
    private const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_user_has_a_token_that_is_exchanged_once_and_again_when_it_expires(bool async)
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TokenBench bench = await StartAsync(time);
        bench.Tokens.Nonce = "nonce-1";
        string[] users = ["alice", "bob", "carol"];
        for (int round = 1; round <= 2; round++)
        {
            HttpStatusCode[] all = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => GetAsync(bench, users[i % 3], async)));
            Assert.All(all, status => Assert.Equal(HttpStatusCode.OK, status));
            Assert.Equal(3 * round, bench.Tokens.Requests.Length);
            time.Advance(TimeSpan.FromHours(2));
        }

        Assert.All(bench.Tokens.Requests.GroupBy(request => request.Form["subject_token"]), user => Assert.Equal(2, user.Count()));
        DpopKey key = bench.Services.GetRequiredService<DpopKeyRing>().Get(TokenBench.Client);
        Assert.All(bench.Tokens.Requests, request => Assert.Equal((Exchange, key.Thumbprint), (request.Form["grant_type"], request.Thumbprint)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_that_the_API_refuses_is_replaced_once_however_many_requests_it_refuses(bool async)
    {
        await using TokenBench bench = await StartAsync();
        await GetAsync(bench, "alice", async);
        bench.Tokens.Revoke("token-1");
        HttpStatusCode[] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(bench, "alice", async)));
        Assert.All(all, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(2, bench.Tokens.Requests.Length);
    }

    [Fact]
    public async Task After_a_rotation_the_next_token_is_for_the_new_key()
    {
        await using TokenBench bench = await StartAsync();
        await GetAsync(bench, "alice");
        DpopKey next = bench.Services.GetRequiredService<DpopKeyRing>().Rotate(TokenBench.Client);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bench, "alice"));
        Assert.Equal(next.Thumbprint, bench.Tokens.Requests[1].Thumbprint);
    }

    [Fact]
    public async Task A_source_that_fails_is_an_error_with_the_cause_and_an_old_token_serves_while_it_is_good()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        bool fails = true;
        await using TokenBench bench = await StartAsync(time, (context, send) => fails ? throw new InvalidOperationException("The exchange is closed.") : send(context));
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => GetAsync(bench, "alice"));
        Assert.Equal((DpopTokenErrorCodes.TokenUnavailable, "The exchange is closed."), (exception.Code, Assert.IsType<InvalidOperationException>(exception.InnerException).Message));
        Assert.Contains("'orders'", exception.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Api.Authorizations);

        fails = false;
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bench, "alice"));
        fails = true;
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bench, "alice"));
        bench.Tokens.Revoke("token-1");
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(bench, "alice"));
    }

    [Fact]
    public async Task An_exception_of_the_librarys_kind_reaches_the_caller_as_it_is()
    {
        DpopTokenException refused = new(DpopTokenErrorCodes.TokenRefused, "The user has to sign in again.") { Error = "invalid_grant" };
        await using TokenBench bench = await StartAsync(answer: (_, _) => throw refused);
        Assert.Same(refused, await Assert.ThrowsAsync<DpopTokenException>(() => GetAsync(bench, "alice")));
    }

    [Fact]
    public async Task A_source_that_never_ends_is_given_up_after_a_minute_and_asked_again()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        TaskCompletionSource<CancellationToken> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool hangs = true;
        await using TokenBench bench = await StartAsync(time, (context, send) => hangs ? new(new TaskCompletionSource<DpopTokenResponse>().Task) : send(context), asked.TrySetResult);
        Task<HttpStatusCode> waiting = GetAsync(bench, "alice");
        CancellationToken cancellation = await asked.Task;
        time.Advance(TimeSpan.FromMinutes(1));
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => waiting);
        Assert.Equal((DpopTokenErrorCodes.TokenUnavailable, true), (exception.Code, cancellation.IsCancellationRequested));
        hangs = false;
        Assert.Equal(HttpStatusCode.OK, await GetAsync(bench, "alice"));
    }

    [Theory]
    [InlineData("Bearer", BearerTokenHandling.Upgrade, false)]
    [InlineData("Bearer", BearerTokenHandling.Allow, true)]
    [InlineData(null, BearerTokenHandling.Allow, false)]
    [InlineData("N_A", BearerTokenHandling.Allow, false)]
    public async Task A_token_that_is_not_bound_goes_out_only_where_that_is_allowed(string? type, BearerTokenHandling handling, bool goesOut)
    {
        await using TokenBench bench = await StartAsync(answer: (_, _) => new(new DpopTokenResponse("plain", type)), handling: handling);
        if (goesOut)
        {
            await GetAsync(bench, "alice");
            Assert.Equal(["Bearer plain"], bench.Api.Authorizations.Distinct());
            return;
        }

        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => GetAsync(bench, "alice"));
        Assert.Equal(DpopTokenErrorCodes.TokenNotBound, exception.Code);
        Assert.Empty(bench.Api.Authorizations);
    }

    [Fact]
    public async Task What_cannot_be_used_with_the_key_is_refused_when_it_comes()
    {
        using DpopKey other = DpopKey.Generate();
        string payload = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{{\"cnf\":{{\"jkt\":\"{other.Thumbprint}\"}}}}"));
        await AssertRefusedAsync(new DpopTokenResponse($"eyJhbGciOiJub25lIn0.{payload}.c2ln", "DPoP"), DpopTokenErrorCodes.TokenNotBound, other.Thumbprint);
        await AssertRefusedAsync(new DpopTokenResponse("two\r\nlines", "DPoP"), DpopTokenErrorCodes.TokenUnavailable, "RFC 6750");
        await AssertRefusedAsync(null!, DpopTokenErrorCodes.TokenUnavailable, "null");
        Assert.Throws<ArgumentException>("accessToken", () => new DpopTokenResponse("", "DPoP"));
    }

    [Theory]
    [InlineData(null, 300)]
    [InlineData(0, 300)]
    [InlineData(-5, 300)]
    [InlineData(60, 60)]
    [InlineData(int.MaxValue, 365 * 24 * 3600)]
    public async Task A_lifetime_may_be_anything(int? seconds, int expected)
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        TimeSpan? lifetime = seconds is { } given ? TimeSpan.FromSeconds(given) : null;
        await using TokenBench bench = await StartAsync(time, (_, _) => new(new DpopTokenResponse("opaque", "dpop", lifetime)));
        DpopAccessToken token = await bench.Services.GetRequiredService<IDpopTokens>().GetAsync(TokenBench.Client);
        Assert.Equal(("DPoP", time.GetUtcNow().AddSeconds(expected)), (token.Scheme, token.ExpiresAt));
    }

    [Fact]
    public async Task It_is_told_whose_token_is_wanted_and_nothing_where_the_request_says_nothing()
    {
        List<DpopTokenContext> asked = [];
        await using TokenBench bench = await StartAsync(answer: (context, _) =>
        {
            asked.Add(context);
            return new(new DpopTokenResponse("opaque", "DPoP"));
        });
        IDpopTokens tokens = bench.Services.GetRequiredService<IDpopTokens>();
        await tokens.GetAsync(TokenBench.Client);
        await tokens.GetAsync(TokenBench.Client, new DpopTokenParameters { Scope = "orders", Resources = { "https://a.example" }, Parameters = { ["user"] = "alice" } });
        Assert.All(asked, context => Assert.Equal(TokenBench.Client, context.Client));
        Assert.Equal((null, 0, 0), (asked[0].Parameters.Scope, asked[0].Parameters.Resources.Count, asked[0].Parameters.Parameters.Count));
        Assert.Equal(("orders", "https://a.example", "alice"), (asked[1].Parameters.Scope, asked[1].Parameters.Resources.Single(), asked[1].Parameters.Parameters["user"]));
    }

    [Fact]
    public async Task What_is_missing_or_said_twice_is_told_at_start_up()
    {
        Assert.Equal(["GetToken of the client 'api' is missing: set a delegate that gets a token."], await FaultsAsync(client => client.AddDpopToken(_ => { })));
        Assert.Equal(["The client 'api' gets tokens by AddDpopToken and by AddDpopClientCredentials: choose one."], await FaultsAsync(client => client
            .AddDpopToken(options => options.GetToken = (_, _) => throw new NotSupportedException())
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (new("https://login.example.com/token"), "a", "the-secret"))));
        new ServiceCollection().ConfigureHttpClientDefaults(builder => Assert.Throws<ArgumentException>(() => builder.AddDpopToken(_ => { })));
    }

    private static async Task AssertRefusedAsync(DpopTokenResponse response, string code, string text)
    {
        await using TokenBench bench = await StartAsync(answer: (_, _) => new(response));
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => GetAsync(bench, "alice"));
        Assert.Equal(code, exception.Code);
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Api.Authorizations);
    }

    private static async Task<IEnumerable<string>> FaultsAsync(Action<IHttpClientBuilder> configure)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        configure(builder.Services.AddHttpClient("api"));
        using IHost host = builder.Build();
        return (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync())).Failures;
    }

    /// <summary>A bench whose client exchanges tokens by another client with the same key, unless <paramref name="answer"/> does something else.</summary>
    private static Task<TokenBench> StartAsync(
        TimeProvider? time = null,
        Func<DpopTokenContext, Func<DpopTokenContext, ValueTask<DpopTokenResponse>>, ValueTask<DpopTokenResponse>>? answer = null,
        Func<CancellationToken, bool>? asked = null,
        BearerTokenHandling handling = BearerTokenHandling.Upgrade) => TokenBench.StartAsync(time: time, addTokens: (client, server) =>
    {
        client.Services.AddHttpClient("identity").AddDpop(options => options.KeyName = TokenBench.Client);
        client.AddDpop(options => options.BearerTokens = handling).AddDpopToken((options, services) => options.GetToken = (context, cancellation) =>
        {
            asked?.Invoke(cancellation);
            ValueTask<DpopTokenResponse> SendAsync(DpopTokenContext wanted) => ExchangeAsync(services.GetRequiredService<IHttpClientFactory>(), server.TokenEndpoint, wanted, cancellation);
            return answer is null ? SendAsync(context) : answer(context, SendAsync);
        });
    });

    private static async ValueTask<DpopTokenResponse> ExchangeAsync(IHttpClientFactory clients, Uri endpoint, DpopTokenContext context, CancellationToken cancellationToken)
    {
        using HttpClient identity = clients.CreateClient("identity");
        using HttpRequestMessage request = new(HttpMethod.Post, endpoint)
        {
            Content = new FormUrlEncodedContent([new("grant_type", Exchange), new("subject_token", context.Parameters.Parameters["subject_token"])]),
        };
        request.SetDpopKey(context.Key);
        using HttpResponseMessage response = (await identity.SendAsync(request, cancellationToken)).EnsureSuccessStatusCode();
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return new DpopTokenResponse(
            answer.GetProperty("access_token").GetString()!, answer.GetProperty("token_type").GetString(), TimeSpan.FromSeconds(answer.GetProperty("expires_in").GetInt32()));
    }

    private static async Task<HttpStatusCode> GetAsync(TokenBench bench, string user, bool async = true)
    {
        using HttpClient http = bench.CreateClient();
        using HttpRequestMessage request = new(HttpMethod.Get, "orders");
        request.SetDpopTokenParameters(new DpopTokenParameters { Parameters = { ["subject_token"] = user } });
        using HttpResponseMessage response = await http.SendAsync(request, async);
        return response.StatusCode;
    }
}
