using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.Support;

internal sealed record WebAppOptions
{
    public string Client { get; init; } = AuthorizationServer.PublicClient;

    public bool Pushes { get; init; } = true;

    /// <summary>Asks for JWTs for the API; null for opaque tokens for userinfo.</summary>
    public string? Resource { get; init; }

    /// <summary>Where the client of the API calls; null for the site's API.</summary>
    public Uri? Api { get; init; }

    /// <summary>Comes between the app's clients and the network: it may wait, fail, or answer in a server's place.</summary>
    public Func<HttpRequestMessage, Task<HttpResponseMessage?>>? Network { get; init; }

    public Action<DpopOpenIdConnectOptions> Dpop { get; init; } = _ => { };

    /// <summary>Whether what the app sends to the authorization server isn't noted, because <see cref="OpenId"/> says how it is sent.</summary>
    public bool UsesOwnBackChannel { get; init; }

    public Action<OpenIdConnectOptions>? OpenId { get; init; }

    public Action<IServiceCollection>? Services { get; init; }

    public Action<WebApplication>? Map { get; init; }
}
