using System.Diagnostics;
using System.Text.Json.Serialization;

namespace DpopHttp;

/// <summary>Where a client gets its tokens, and how it shows there who it is (RFC 6749).</summary>
public abstract class DpopTokenOptions
{
    /// <summary>
    /// The authorization server's issuer identifier. Its metadata is read from <c>/.well-known/openid-configuration</c> or, where that cannot be
    /// used, <c>/.well-known/oauth-authorization-server</c> (RFC 8414), and kept for a day. Give this or <see cref="TokenEndpoint"/>.
    /// </summary>
    public Uri? Authority { get; set; }

    /// <summary>The token endpoint (RFC 6749 section 3.2), for servers without metadata. Give this or <see cref="Authority"/>.</summary>
    public Uri? TokenEndpoint { get; set; }

    /// <summary>The client identifier (RFC 6749 section 2.2). Required.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client secret. Null (the default): the client authenticates with <see cref="ClientAssertionJwk"/> or is a public client.</summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ClientSecret { get; set; }

    /// <summary>Where the client secret goes. Default: <see cref="DpopClientSecretLocation.AuthorizationHeader"/>.</summary>
    public DpopClientSecretLocation ClientSecretLocation { get; set; }

    /// <summary>
    /// A private JWK that the client authenticates with by <c>private_key_jwt</c> (RFC 7523 section 2.2). It is not the DPoP key. Each request has an
    /// assertion of its own, replays after a nonce challenge too. Null (the default): none.
    /// </summary>
    [JsonIgnore]
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? ClientAssertionJwk { get; set; }

    /// <summary>
    /// Signs client assertions (RFC 7523 section 2.2: <c>private_key_jwt</c>), one for each attempt, replays after a nonce challenge too: any key, also one in an HSM or a
    /// cloud's key management by <see cref="DpopKey.FromSigner"/>. It is not the DPoP key, and isn't disposed with the client. Null (the default): none.
    /// </summary>
    [JsonIgnore]
    public DpopKey? ClientAssertionKey { get; set; }

    /// <summary>
    /// The <c>kid</c> of assertions that <see cref="ClientAssertionKey"/> signs (RFC 7515 section 4.1.4), where the client is registered with several keys. Null (the default): they
    /// have none. A <see cref="ClientAssertionJwk"/> has its own.
    /// </summary>
    public string? ClientAssertionKeyId { get; set; }

    /// <summary>
    /// Makes a client assertion (RFC 7523 section 2.2) for an attempt on the wire: for assertions that something else makes, such as a cloud's identity
    /// service. It is called for each attempt, replays after a nonce challenge too, and gives the JWT. Its exceptions reach the caller. Null (the
    /// default): none.
    /// </summary>
    [JsonIgnore]
    public Func<DpopClientAssertionContext, CancellationToken, ValueTask<string>>? ClientAssertion { get; set; }

    /// <summary>
    /// The path of a file that has a client assertion (RFC 7523 section 2.2), made and replaced by somebody else, such as the token that Kubernetes projects for
    /// a workload. It is read for each attempt. Null (the default): none.
    /// </summary>
    public string? ClientAssertionFile { get; set; }

    /// <summary>
    /// Whether the client authenticates with the certificate of its TLS connection (RFC 8705), which <c>ConfigureDpopBackChannel</c> sets on the
    /// primary handler. Default: false.
    /// </summary>
    public bool UsesClientCertificate { get; set; }

    /// <summary>The scope to ask for, values separated by spaces (RFC 6749 section 3.3). Null (the default): the server's choice.</summary>
    public string? Scope { get; set; }

    /// <summary>The resources that the token is for (RFC 8707). Empty (the default): the server's choice.</summary>
    public ICollection<string> Resources { get; } = [];

    /// <summary>Further parameters of the token request, such as <c>audience</c>.</summary>
    public IDictionary<string, string> Parameters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What was wrong with the configuration that the options were read from.</summary>
    internal ICollection<string> ConfigurationFaults { get; } = [];
}
