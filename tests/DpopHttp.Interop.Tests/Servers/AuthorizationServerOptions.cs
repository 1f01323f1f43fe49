namespace DpopHttp.Interop.Tests.Servers;

internal sealed record AuthorizationServerOptions
{
    public NonceMode Nonces { get; init; } = NonceMode.Required;

    /// <summary>The resource indicator that tokens for the API are asked with, and their audience.</summary>
    public string Resource { get; init; } = "https://orders.example";

    public int AccessTokenSeconds { get; init; } = 3600;

    /// <summary>Serves https with it; plain http when null.</summary>
    public LoopbackCertificate? Certificate { get; init; }

    /// <summary>Further clients, as OpenID Connect registration metadata.</summary>
    public IReadOnlyList<object> Clients { get; init; } = [];
}
