using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Endpoint.Metadata;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>Where the token endpoint is, by the authorization server's metadata.</summary>
public sealed class MetadataTests : IAsyncLifetime
{
    private const string OpenId = "/.well-known/openid-configuration";
    private const string OAuth = "/.well-known/oauth-authorization-server";

    private readonly PacedTime _time = new();
    private readonly List<string> _reads = [];
    private TokenServer _tokens = null!;
    private LoopbackServer _server = null!;

    /// <summary>Answers a read of the metadata at its path; null is 404.</summary>
    private Func<string, object?> _metadata = _ => null;

    private bool _neverAnswers;

    public async ValueTask InitializeAsync()
    {
        _tokens = await TokenServer.StartAsync(_time);
        _server = await LoopbackServer.StartAsync(async context =>
        {
            Assert.False(context.Request.Headers.ContainsKey("DPoP"));
            bool neverAnswers = _neverAnswers;
            _reads.Add(context.Request.Path);
            if (neverAnswers)
            {
                _time.NeverAnswered(context);
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            }

            object? metadata = _metadata(context.Request.Path.Value!);
            context.Response.StatusCode = metadata is null ? 404 : metadata as int? ?? 200;
            if (metadata is not null and not int)
            {
                await context.Response.WriteAsJsonAsync(metadata);
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _tokens.DisposeAsync();
    }

    [Theory]
    [InlineData("", OpenId, new[] { OpenId })]
    [InlineData("", OAuth, new[] { OpenId, OAuth })]
    [InlineData("/tenant", "/tenant" + OpenId, new[] { "/tenant" + OpenId })]
    [InlineData("/tenant/", "/tenant" + OpenId, new[] { "/tenant" + OpenId })]
    [InlineData("/tenant", OAuth + "/tenant", new[] { "/tenant" + OpenId, OAuth + "/tenant" })]
    public async Task It_is_read_where_the_standards_have_it(string issuerPath, string document, string[] reads)
    {
        string issuer = _server.BaseAddress.AbsoluteUri.TrimEnd('/') + issuerPath;
        _metadata = path => path == document ? Document(issuer) : null;
        await using ServiceProvider services = Services(issuer);
        await AskAsync(services);
        Assert.Equal(reads, _reads);
    }

    [Fact]
    public async Task It_is_read_once_a_day_and_what_is_known_serves_where_it_cannot_be()
    {
        _metadata = _ => Document();
        await using ServiceProvider services = Services();
        for (int hours = 0; hours < 24; hours += 2)
        {
            await AskAsync(services);
            _time.Advance(TimeSpan.FromHours(2));
        }

        Assert.Single(_reads);
        await AskAsync(services);
        Assert.Equal(2, _reads.Count);

        _time.Advance(TimeSpan.FromHours(25));
        _metadata = _ => 503;
        await AskAsync(services);
        Assert.Equal(3, _reads.Count);
    }

    [Fact]
    public async Task Tenants_that_start_together_read_it_once_and_again_together_where_it_fails()
    {
        const int Tenants = 20;
        int failures = 1;
        TaskCompletionSource allWait = new();
        _metadata = _ =>
        {
            allWait.Task.Wait(TimeSpan.FromMinutes(1));
            return Interlocked.Decrement(ref failures) >= 0 ? 503 : Document();
        };
        await using ServiceProvider services = Services();
        using HttpClient http = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        Task<HttpResponseMessage>[] calls = [.. Enumerable.Range(0, Tenants).Select(i =>
        {
            HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
            request.SetDpopTokenParameters(new DpopTokenParameters { Parameters = { ["tenant"] = i.ToString(provider: null) } });
            return http.SendAsync(request);
        })];
        await Eventually.IsTrueAsync(() => _reads.Count > 0);
        allWait.SetResult();
        foreach (HttpResponseMessage response in await _time.PassAsync(Task.WhenAll(calls)))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }

        Assert.Equal(Tenants, _tokens.Requests.Length);
        Assert.Equal([OpenId, OpenId], _reads);
    }

    [Fact]
    public async Task A_read_that_fails_is_tried_once_more_for_all_who_waited_and_then_fails_for_them()
    {
        const int Waiting = 20;
        TaskCompletionSource allWait = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int reads = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            int read = Interlocked.Increment(ref reads);
            await allWait.Task;
            if (read == 2)
            {
                // Until all who waited for the first have got to know, also on a busy machine.
                await Task.Delay(TimeSpan.FromSeconds(1));
            }

            context.Response.StatusCode = 503;
        });
        using DpopKey key = DpopKey.Generate();
        MetadataSource source = new(server.BaseAddress, () => new HttpClient(), _time);
        Task[] waiting = [.. Enumerable.Range(0, Waiting).Select(_ => source.GetAsync(key, CancellationToken.None))];
        allWait.SetResult();
        await ((Task)Task.WhenAll(waiting)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Assert.All(waiting, task => Assert.IsType<HttpRequestException>(task.Exception!.InnerException));

        // Two, and a few more on a machine that is slow to get to each of them; not one for each.
        Assert.InRange(reads, 2, Waiting / 2);
    }

    [Fact]
    public async Task The_metadata_of_another_issuer_is_refused()
    {
        _metadata = _ => Document("https://other.example");
        await AssertRefusedAsync(DpopTokenErrorCodes.TokenRefused, "metadata");
    }

    [Theory]
    [InlineData(OpenId)]
    [InlineData(OAuth)]
    public async Task The_other_address_is_read_where_the_first_has_something_else(string document)
    {
        _metadata = path => path == document ? Document() : new { error = "not here" };
        await using ServiceProvider services = Services();
        await AskAsync(services);
    }

    [Fact]
    public async Task Nothing_else_is_read_not_even_the_keys()
    {
        _metadata = path => path.EndsWith("jwks", StringComparison.Ordinal)
            ? throw new InvalidOperationException("The keys are not needed.")
            : new { issuer = Issuer, token_endpoint = _tokens.TokenEndpoint, jwks_uri = new Uri(_server.BaseAddress, "jwks") };
        await using ServiceProvider services = Services();
        await AskAsync(services);
        Assert.Equal([OpenId], _reads);
    }

    [Fact]
    public async Task Metadata_without_end_is_given_up_after_a_megabyte()
    {
        _metadata = _ => new { issuer = Issuer, token_endpoint = _tokens.TokenEndpoint, filling = new string(' ', 2_000_000) };
        await AssertRefusedAsync(DpopTokenErrorCodes.TokenRefused, "too large");
    }

    [Fact]
    public async Task Text_of_the_metadata_is_cleaned()
    {
        _metadata = _ => Document("https://\u001b[31m\r\n" + new string('x', 10_000));
        await using ServiceProvider services = Services();
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => AskAsync(services));
        Assert.DoesNotContain(exception.Message, char.IsControl);
        Assert.InRange(exception.Message.Length, 1, 1_500);
    }

    [Fact]
    public async Task Where_it_says_that_tokens_are_bound_a_Bearer_token_is_refused_whatever_the_options_say()
    {
        _metadata = _ => new { issuer = Issuer, token_endpoint = _tokens.TokenEndpoint, dpop_bound_access_tokens_required = true };
        _tokens.TokenType = "Bearer";
        await using ServiceProvider services = Services(configure: options => options.BearerTokens = BearerTokenHandling.Allow);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => AskAsync(services));
        Assert.Equal(DpopTokenErrorCodes.TokenNotBound, exception.Code);
        Assert.DoesNotContain("BearerTokens", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_without_a_token_endpoint_is_refused()
    {
        _metadata = _ => new { issuer = _server.BaseAddress.AbsoluteUri.TrimEnd('/') };
        await AssertRefusedAsync(DpopTokenErrorCodes.TokenRefused, "token_endpoint");
    }

    [Fact]
    public async Task Metadata_that_came_over_https_does_not_lead_to_a_token_endpoint_without_it()
    {
        using LoopbackCertificate certificate = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            context => context.Response.WriteAsJsonAsync(new { issuer = $"https://{context.Request.Host}", token_endpoint = _tokens.TokenEndpoint }), certificate: certificate);
        ServiceCollection services = new();
        services.AddHttpClient("api")
            .AddDpop(options => options.AllowInsecureHttp = true)
            .ConfigurePrimaryHttpMessageHandler(() => new ProtectedResourceHandler())
            .ConfigureDpopBackChannel(back => back.ConfigurePrimaryHttpMessageHandler(() => certificate.CreateHandler()))
            .AddDpopClientCredentials(options => (options.Authority, options.ClientId, options.ClientSecret) = (server.BaseAddress, "orders-worker", "the-secret"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => AskAsync(provider));
        Assert.Equal(DpopTokenErrorCodes.TokenRefused, exception.Code);
        Assert.Contains("not https", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _tokens.Arrivals);
    }

    [Fact]
    public async Task A_key_of_an_algorithm_that_the_server_does_not_take_is_an_error_that_names_those_it_does()
    {
        _metadata = _ => new
        {
            issuer = _server.BaseAddress.AbsoluteUri.TrimEnd('/'),
            token_endpoint = _tokens.TokenEndpoint,
            dpop_signing_alg_values_supported = new[] { "ES384", "PS256" },
        };
        await AssertRefusedAsync(DpopTokenErrorCodes.AlgorithmNotSupported, "ES384, PS256");
    }

    [Fact]
    public async Task A_server_without_metadata_is_an_error_that_says_so()
    {
        await using ServiceProvider services = Services();
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => AskAsync(services));
        Assert.Equal(DpopTokenErrorCodes.TokenRefused, exception.Code);
        Assert.Equal([OpenId, OAuth], _reads);
        Assert.All([OpenId, OAuth, "Correct Authority", "status 404"], text => Assert.Contains(text, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metadata_that_does_not_come_does_not_hold_up_a_call_for_longer_than_an_attempt()
    {
        _metadata = _ => Document();
        _neverAnswers = true;
        await using ServiceProvider services = Services();
        Task call = AskAsync(services);
        await Eventually.IsTrueAsync(() => _reads.Count == 1);
        _neverAnswers = false;
        _time.Advance(TimeSpan.FromSeconds(11));
        await _time.PassAsync(call);
        Assert.Equal([OpenId, OpenId], _reads);
    }

    [Fact]
    public async Task What_is_known_serves_where_it_does_not_come()
    {
        _metadata = _ => Document();
        await using ServiceProvider services = Services();
        await AskAsync(services);
        _neverAnswers = true;
        _time.Advance(TimeSpan.FromHours(25));
        await _time.PassAsync(AskAsync(services));
        Assert.Equal([OpenId, OpenId], _reads);
    }

    private async Task AssertRefusedAsync(string code, string text)
    {
        await using ServiceProvider services = Services();
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => AskAsync(services));
        Assert.Equal(code, exception.Code);
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _tokens.Arrivals);
    }

    private object Document(string? issuer = null) =>
        new { issuer = issuer?.TrimEnd('/') ?? _server.BaseAddress.AbsoluteUri.TrimEnd('/'), token_endpoint = _tokens.TokenEndpoint };

    private string Issuer => _server.BaseAddress.AbsoluteUri.TrimEnd('/');

    private ServiceProvider Services(string? authority = null, Action<DpopOptions>? configure = null)
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(_time);
        services.AddHttpClient("api").AddDpop(configure ?? (_ => { })).ConfigureDpopBackChannel(back => back.ConfigurePrimaryHttpMessageHandler(_time.CreatePrimary)).AddDpopClientCredentials(options =>
        {
            options.Authority = authority is null ? _server.BaseAddress : new Uri(authority);
            options.ClientId = "orders-worker";
            options.ClientSecret = "the-secret";
        }).ConfigurePrimaryHttpMessageHandler(() => new ProtectedResourceHandler { Verifier = new DpopProofVerifier { TimeProvider = _time } });
        return services.BuildServiceProvider();
    }

    /// <summary>Makes a call that needs a new token.</summary>
    private async Task AskAsync(ServiceProvider services)
    {
        int before = _tokens.Requests.Length;
        using HttpClient http = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage response = await http.GetAsync(new Uri("https://api.example.com/"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(before + 1, _tokens.Requests.Length);
    }
}
