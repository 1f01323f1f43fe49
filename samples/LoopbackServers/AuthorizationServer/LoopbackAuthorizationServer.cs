using DpopHttp.Verification;
using LoopbackServers.AuthorizationServer;
using LoopbackServers.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LoopbackServers;

/// <summary>
/// A small OAuth authorization server on 127.0.0.1, for samples: it gives DPoP-bound tokens to one client (RFC 9449 section 5) and
/// publishes its metadata (RFC 8414) and keys. Its key is made at run time, and so is the client's secret unless the options name one.
/// </summary>
public sealed class LoopbackAuthorizationServer : IAsyncDisposable
{
    private readonly RegisteredClient _client;
    private readonly AccessTokenIssuer _tokens;
    private readonly TokenRequestProofs _proofs;
    private readonly TokenEndpoint _endpoint;
    private LoopbackHost? _host;

    private LoopbackAuthorizationServer(LoopbackAuthorizationServerOptions options)
    {
        _client = new RegisteredClient(options.ClientSecret);
        _tokens = new AccessTokenIssuer(options);
        _proofs = new TokenRequestProofs(options.NonceInterval, options.TimeProvider);
        _endpoint = new TokenEndpoint(_client, _tokens, _proofs, options);
    }

    /// <summary>The issuer identifier: the <c>iss</c> of its tokens, and the base of its metadata's address.</summary>
    public string Issuer => _host!.Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Where tokens are given.</summary>
    public Uri TokenEndpoint => new(_host!.Address, "token");

    /// <summary>The id of the client that may ask for tokens.</summary>
    public string ClientId => _client.Id;

    /// <summary>Its secret, for client_secret_basic.</summary>
    public string ClientSecret => _client.Secret;

    /// <summary>Starts a server.</summary>
    public static async Task<LoopbackAuthorizationServer> StartAsync(LoopbackAuthorizationServerOptions options)
    {
        LoopbackAuthorizationServer server = new(options);
        server._host = await LoopbackHost.StartAsync("authorization server", options.Port, options.OnExchange, _ => { }, server.Map);
        return server;
    }

    /// <summary>Changes the nonce now, ahead of its interval.</summary>
    public void RotateNonce() => _proofs.RotateNonce();

    /// <summary>Stops the server and forgets its key.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        _tokens.Dispose();
    }

    private void Map(WebApplication app)
    {
        app.MapPost("/token", (Delegate)((HttpContext context) => _endpoint.HandleAsync(context, Issuer)));
        app.MapGet("/jwks", () => Results.Json(new { keys = new[] { _tokens.PublicJwk } }));
        app.MapGet("/.well-known/oauth-authorization-server", () => Results.Json(new
        {
            issuer = Issuer,
            token_endpoint = TokenEndpoint,
            jwks_uri = $"{Issuer}/jwks",
            grant_types_supported = new[] { "client_credentials" },
            response_types_supported = Array.Empty<string>(),
            token_endpoint_auth_methods_supported = new[] { "client_secret_basic" },
            dpop_signing_alg_values_supported = DpopProofVerifier.SupportedAlgorithms,
        }));
    }
}
