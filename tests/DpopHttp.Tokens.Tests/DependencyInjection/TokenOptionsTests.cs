using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.Tests.DependencyInjection;

/// <summary>Faults surface when the host starts, all of them at once, and never show a secret.</summary>
public class TokenOptionsTests
{
    [Fact]
    public async Task All_faults_of_a_client_are_listed_at_start()
    {
        string[] faults = await StartAsync(services => services.AddHttpClient("api").AddDpopClientCredentials(options =>
        {
            options.Authority = new Uri("http://user:the-password@login.example.com/?q=the-query");
            options.TokenEndpoint = new Uri("token", UriKind.Relative);
            options.ClientSecret = "";
            options.ClientSecretLocation = (DpopClientSecretLocation)7;
            options.ClientAssertionJwk = """{"kty":"EC","d":"the-private-part"}""";
        }));
        Assert.Equal(
            [
                "AddDpopClientCredentials for the client 'api': Authority and TokenEndpoint are both set: give one.",
                "AddDpopClientCredentials for the client 'api': Authority is 'http://login.example.com/': give an absolute https URI, or a loopback one, without user information and fragment.",
                "AddDpopClientCredentials for the client 'api': TokenEndpoint is 'token': give an absolute https URI, or a loopback one, without user information and fragment.",
                "AddDpopClientCredentials for the client 'api': Authority has a query: an issuer identifier has none (RFC 8414 section 2).",
                "AddDpopClientCredentials for the client 'api': ClientId is missing.",
                "AddDpopClientCredentials for the client 'api': ClientSecret is empty: give a secret, or leave it out.",
                "AddDpopClientCredentials for the client 'api': ClientSecretLocation is 7: use AuthorizationHeader or Body.",
                "AddDpopClientCredentials for the client 'api': ClientSecret and ClientAssertionJwk are both set: a client authenticates in one way (RFC 6749 section 2.3).",
                "AddDpopClientCredentials for the client 'api': ClientAssertionJwk isn't a private JWK with an algorithm that it can sign with (RFC 7517).",
            ],
            faults);
    }

    [Theory]
    [InlineData(null, null, false, false)]
    [InlineData("secret", null, false, true)]
    [InlineData(null, "jwk", false, true)]
    [InlineData(null, null, true, true)]
    [InlineData("secret", null, true, false)]
    [InlineData("secret", "jwk", true, false)]
    public async Task A_client_that_gets_tokens_for_itself_authenticates_in_one_way(string? secret, string? jwk, bool usesCertificate, bool isGood)
    {
        using DpopKey key = DpopKey.Generate();
        string[] faults = await StartAsync(services => services.AddHttpClient("api").AddDpopClientCredentials(options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret) = (new("https://login.example.com"), "a", secret);
            (options.ClientAssertionJwk, options.UsesClientCertificate) = (jwk is null ? null : key.ExportPrivateJwk(), usesCertificate);
        }));
        Assert.Equal(isGood ? 0 : 1, faults.Length);
        Assert.All(faults, fault => Assert.Contains("RFC 6749", fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://keycloak:8080", "AllowInsecureHttp")]
    [InlineData("https://login.example.com/.well-known/openid-configuration", "issuer identifier")]
    [InlineData("https://login.example.com/tenant/.well-known/oauth-authorization-server", "issuer identifier")]
    public async Task A_wrong_Authority_is_told_what_to_do(string authority, string text)
    {
        string[] faults = await StartAsync(services => services.AddHttpClient("api")
            .AddDpopClientCredentials(options => (options.Authority, options.ClientId, options.ClientSecret) = (new Uri(authority), "a", "the-secret")));
        Assert.Contains(text, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://login.example.com")]
    [InlineData("http://127.0.0.1:5301")]
    public async Task A_fault_of_the_clients_own_options_is_not_one_of_its_token_options(string authority)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHttpClient("api").AddDpop(options => options.KeyAlgorithm = "none")
            .AddDpopClientCredentials(options => (options.Authority, options.ClientId, options.ClientSecret) = (new(authority), "a", "the-secret"));
        using IHost host = builder.Build();
        AggregateException exception = await Assert.ThrowsAsync<AggregateException>(() => host.StartAsync());

        // Once for the client, and once for its back channel, which takes over what the client has set.
        Assert.Equal(2, exception.InnerExceptions.Count);
        Assert.All(exception.InnerExceptions, fault => Assert.StartsWith("AddDpop for the client 'api': ", fault.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refresh_token_needs_a_store()
    {
        string[] faults = await StartAsync(services => services.AddHttpClient("api").AddDpopRefreshToken(options => options.ClientId = "orders-cli"));
        Assert.Equal(
            [
                "AddDpopRefreshToken for the client 'api': Authority and TokenEndpoint are both missing: give one.",
                "AddDpopRefreshToken for the client 'api': Store is missing: use DpopRefreshTokenStore.InFile, or one of your own.",
            ],
            faults);
    }

    [Fact]
    public async Task A_client_gets_tokens_in_one_way()
    {
        string[] faults = await StartAsync(services => services.AddHttpClient("api")
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (new("https://login.example.com/token"), "a", "the-secret"))
            .AddDpopRefreshToken(options => (options.TokenEndpoint, options.ClientId, options.Store) = (new("https://login.example.com/token"), "a", DpopRefreshTokenStore.InMemory())));
        Assert.Equal(["The client 'api' gets tokens by AddDpopClientCredentials and by AddDpopRefreshToken: choose one."], faults);
    }

    [Theory]
    [InlineData("https://login.example.com", false, true)]
    [InlineData("http://127.0.0.1:5000", false, true)]
    [InlineData("http://login.example.com", false, false)]
    [InlineData("http://login.example.com", true, true)]
    [InlineData("ftp://login.example.com", true, false)]
    public async Task The_server_is_reached_over_https_or_loopback_unless_the_client_says_otherwise(string authority, bool allowInsecureHttp, bool isGood)
    {
        string[] faults = await StartAsync(services => services.AddHttpClient("api")
            .AddDpop(options => options.AllowInsecureHttp = allowInsecureHttp)
            .AddDpopClientCredentials(options => (options.Authority, options.ClientId, options.ClientSecret) = (new Uri(authority), "a", "the-secret")));
        Assert.Equal(isGood, faults.Length == 0);
    }

    [Fact]
    public void Without_a_host_the_faults_surface_when_the_client_is_made()
    {
        ServiceCollection services = new();
        services.AddHttpClient("api").AddDpopClientCredentials(_ => { });
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IHttpClientFactory>().CreateClient("api"));
    }

    [Fact]
    public void Tokens_are_for_one_client_and_not_for_the_defaults()
    {
        ServiceCollection services = new();
        services.ConfigureHttpClientDefaults(builder =>
        {
            Assert.Throws<ArgumentException>(() => builder.AddDpopClientCredentials(_ => { }));
            Assert.Throws<ArgumentException>(() => builder.AddDpopRefreshToken(_ => { }));
            Assert.Throws<ArgumentException>(() => builder.ConfigureDpopBackChannel(_ => { }));
        });
    }

    [Fact]
    public void AddDpopClientAssertion_takes_a_key_that_can_sign_and_shows_none_that_cannot()
    {
        using DpopKey key = DpopKey.Generate();
        IHttpClientBuilder builder = new ServiceCollection().AddHttpClient("identity");
        ArgumentException exception = Assert.Throws<ArgumentException>(() => builder.AddDpopClientAssertion("orders", """{"kty":"EC","d":"the-private-part"}"""));
        Assert.Equal("privateJwk", exception.ParamName);
        Assert.DoesNotContain("the-private-part", exception.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => builder.AddDpopClientAssertion("orders", key.PublicJwk));
        builder.AddDpopClientAssertion("orders", key.ExportPrivateJwk());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_of_the_defaults_does_not_contradict_the_clients_own(bool first)
    {
        string[] faults = await StartAsync(services =>
        {
            void SetDefaults() => services.ConfigureHttpClientDefaults(all => all.AddDpop(options => options.KeyFile = "key.jwk"));
            void AddTokens() => services.AddHttpClient("api")
                .AddDpopClientCredentials(options => (options.Authority, options.ClientId, options.ClientSecret) = (new("https://login.example.com"), "a", "the-secret"));
            Action[] calls = first ? [SetDefaults, AddTokens] : [AddTokens, SetDefaults];
            Array.ForEach(calls, call => call());
            services.AddHttpClient("api").AddDpop(options => options.KeyFile = "orders-key.jwk");
        });
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("grant_type", null, false)]
    [InlineData("scope", null, false)]
    [InlineData("resource", null, false)]
    [InlineData("client_assertion", null, false)]
    [InlineData("client_secret", null, false)]
    [InlineData("client_id", null, false)]
    [InlineData("client_id", "secret", true)]
    [InlineData("audience", null, true)]
    public async Task A_parameter_that_the_request_sets_by_itself_is_a_fault(string name, string? secret, bool isGood)
    {
        string[] faults = await StartAsync(services => services.AddHttpClient("api").AddDpopClientCredentials(options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret, options.UsesClientCertificate) = (new("https://login.example.com"), "a", secret, secret is null);
            options.Parameters[name] = "x";
        }));
        Assert.Equal(isGood ? [] : [$"AddDpopClientCredentials for the client 'api': Parameters has '{name}', which the request sets by itself: remove it, or use the option for it."], faults);
    }

    /// <summary>The faults that the host finds when it starts.</summary>
    private static async Task<string[]> StartAsync(Action<IServiceCollection> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder.Services);
        using IHost host = builder.Build();
        try
        {
            await host.StartAsync();
            await host.StopAsync();
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }
}
