using System.Security.Cryptography;
using System.Text.Json;

namespace DpopHttp.Interop.Tests.Servers;

/// <summary>
/// oidc-provider on loopback, with a client for each way to authenticate. Its user, "alice", consents to everything. Those clients that
/// authenticate may also exchange tokens (RFC 8693).
/// </summary>
internal sealed class AuthorizationServer : IAsyncDisposable
{
    /// <summary>Authorization code (PKCE), refresh token and device code; its tokens must be bound.</summary>
    public const string PublicClient = "public-client";

    public const string BasicClient = "basic-client";

    public const string PostClient = "post-client";

    /// <summary>Authenticates by private_key_jwt.</summary>
    public const string AssertionClient = "assertion-client";

    /// <summary>Registered for every client here; any port may be put in.</summary>
    public const string RedirectUri = "http://127.0.0.1/callback";

    private readonly NodeProcess _node;

    private AuthorizationServer(NodeProcess node, string resource, string clientSecret, ClientAssertionKey assertionKey)
    {
        _node = node;
        Issuer = node.Ready.GetProperty("issuer").GetString()!;
        Resource = resource;
        ClientSecret = clientSecret;
        ClientAssertionJwk = JsonSerializer.Serialize(assertionKey.PrivateJwk);
    }

    /// <summary>The issuer identifier, without a slash at its end.</summary>
    public string Issuer { get; }

    public string Resource { get; }

    /// <summary>The secret of <see cref="BasicClient"/> and <see cref="PostClient"/>.</summary>
    public string ClientSecret { get; }

    /// <summary>The private key of <see cref="AssertionClient"/>.</summary>
    public string ClientAssertionJwk { get; }

    public Uri Discovery => Endpoint("/.well-known/openid-configuration");

    public Uri AuthorizationEndpoint => Endpoint("/auth");

    public Uri PushedAuthorizationRequestEndpoint => Endpoint("/request");

    public Uri TokenEndpoint => Endpoint("/token");

    public Uri RevocationEndpoint => Endpoint("/token/revocation");

    public Uri IntrospectionEndpoint => Endpoint("/token/introspection");

    public Uri DeviceAuthorizationEndpoint => Endpoint("/device/auth");

    /// <summary>A protected resource that takes tokens with the scope openid and without a resource indicator.</summary>
    public Uri UserInfoEndpoint => Endpoint("/me");

    public static async Task<AuthorizationServer> StartAsync(AuthorizationServerOptions? options = null)
    {
        options ??= new AuthorizationServerOptions();
        // The end is there to catch a client that does not form-encode the secret for Basic (RFC 6749 section 2.3.1).
        string clientSecret = RandomNumberGenerator.GetHexString(32) + "+/%41: =&";
        ClientAssertionKey assertionKey = ClientAssertionKey.Generate();
        NodeProcess node = await NodeProcess.StartAsync("authorization-server.mjs", new
        {
            options.Nonces,
            ResourceServer = options.Resource,
            options.AccessTokenSeconds,
            options.Clients,
            ClientSecret = clientSecret,
            ClientAssertionJwk = assertionKey.PublicJwk,
            Tls = options.Certificate?.Files,
        });
        return new AuthorizationServer(node, options.Resource, clientSecret, assertionKey);
    }

    /// <summary>Moves the server's clock. Nonces step every 60 s; one is refused from the fourth step after it was handed out.</summary>
    public Task AdvanceAsync(TimeSpan time) => _node.CommandAsync(new { AdvanceSeconds = time.TotalSeconds });

    /// <summary>Grants what a device asked for, as the user would with the code in a browser.</summary>
    public Task ApproveDeviceAsync(string userCode) => _node.CommandAsync(new { ApproveDevice = userCode });

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private Uri Endpoint(string path) => new(Issuer + path);
}
