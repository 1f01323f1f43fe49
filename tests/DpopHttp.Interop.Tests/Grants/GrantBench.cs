using System.Net.Http.Json;
using System.Text.Json;
using DpopHttp.Interop.Tests.Servers;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>A container for one test, with clients of the two servers that share one key, and what they sent.</summary>
internal sealed class GrantBench(GrantSite site) : IAsyncDisposable
{
    /// <summary>The client that calls the API.</summary>
    public const string Orders = "orders";

    /// <summary>The client that calls the authorization server, with the key of <see cref="Orders"/>.</summary>
    public const string Identity = "identity";

    private readonly List<Attempt> _attempts = [];
    private ServiceProvider? _provider;

    public AuthorizationServer Server => site.AuthorizationServer;

    public ResourceServer Api => site.Api;

    public MovedTime Time => site.Time;

    public ServiceCollection Services { get; } = new();

    public ServiceProvider Provider => _provider ??= Services.BuildServiceProvider();

    /// <summary>Adds a client that trusts the servers, and whose requests and token requests are noted.</summary>
    public IHttpClientBuilder AddClient(string name) => Services.AddHttpClient(name)
        .ConfigurePrimaryHttpMessageHandler(CreatePrimary)
        .ConfigureDpopBackChannel(back => back.ConfigurePrimaryHttpMessageHandler(CreatePrimary));

    /// <summary>Adds <see cref="Identity"/>, to ask for grants as one of the server's clients.</summary>
    public IHttpClientBuilder AddIdentity(string clientId)
    {
        Services.AddHttpClient(Orders).AddDpop();
        IHttpClientBuilder builder = AddClient(Identity).AddDpop(options => options.KeyName = Orders);
        return clientId == AuthorizationServer.AssertionClient
            ? builder.AddDpopClientAssertion(clientId, Server.ClientAssertionJwk, Server.Issuer)
            : builder;
    }

    public HttpClient CreateClient(string name) => Provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    public DpopKey KeyOf(string name) => Provider.GetRequiredService<DpopKeyRing>().Get(name);

    /// <summary>Puts into a request what a client authenticates with; an assertion is the handler's.</summary>
    public T Identify<T>(string clientId, Uri endpoint, T request)
        where T : ProtocolRequest
    {
        request.Address = endpoint.AbsoluteUri;
        request.ClientId = clientId;
        request.ClientSecret = clientId is AuthorizationServer.BasicClient or AuthorizationServer.PostClient ? Server.ClientSecret : null;
        request.ClientCredentialStyle = clientId == AuthorizationServer.BasicClient ? ClientCredentialStyle.AuthorizationHeader : ClientCredentialStyle.PostBody;
        return request;
    }

    /// <summary>Calls the API, which says what it accepted. Without a token the client must have one of its own.</summary>
    public async Task<JsonElement> CallApiAsync(HttpClient client, string? token = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Api.Orders);
        if (token is not null)
        {
            request.SetBearerToken(token);
        }

        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"The API answered {(int)response.StatusCode}: {response.Headers.WwwAuthenticate}");
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The token, or other credential, in the header of the last attempt.</summary>
    public string? LastToken => _attempts[^1].Token;

    /// <summary>Moves the servers' clocks and <see cref="Time"/>.</summary>
    public Task AdvanceAsync(TimeSpan time) => site.AdvanceAsync(time);

    /// <summary>Nonces are refused from the fourth minute on; tokens and codes that were just given out go on being good.</summary>
    public Task OutliveNoncesAsync() => AdvanceAsync(TimeSpan.FromMinutes(4));

    /// <summary>The API grants tokens a few seconds more.</summary>
    public Task OutliveTokensAsync() => AdvanceAsync(GrantSite.TokenLifetime + TimeSpan.FromMinutes(1));

    /// <summary>What went over the wire since the last call of this.</summary>
    public IReadOnlyList<Attempt> TakeAttempts()
    {
        lock (_attempts)
        {
            Attempt[] taken = [.. _attempts];
            _attempts.Clear();
            return taken;
        }
    }

    /// <summary>Asserts what went over the wire since the last call, without the reading of metadata.</summary>
    public void AssertSent(params string[] expected) =>
        Assert.Equal(expected, TakeAttempts().Where(attempt => attempt.Uri.AbsolutePath is not ("/.well-known/openid-configuration" or "/jwks")).Select(attempt => attempt.ToString()));

    public Browser OpenBrowser() => new(site.Certificate);

    public HttpMessageHandler CreatePrimary() => new WireTap(_attempts, site.Certificate?.CreateHandler() ?? new SocketsHttpHandler());

    public async ValueTask DisposeAsync()
    {
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }
    }
}
