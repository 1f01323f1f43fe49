using DpopHttp.Verification;

namespace DpopHttp.AspNetCore;

/// <summary>How a scheme demands and verifies DPoP proofs. The options have the name of the scheme.</summary>
public sealed class DpopAuthenticationOptions
{
    /// <summary>What becomes of tokens that come as Bearer. Default: <see cref="DpopBearerTokens.Reject"/>.</summary>
    public DpopBearerTokens BearerTokens { get; set; }

    /// <summary>
    /// The algorithms that proofs may be signed with, in the order in which challenges name them. Default: empty, which stands for
    /// <see cref="DpopProofVerifier.SupportedAlgorithms"/>.
    /// </summary>
    public IList<string> Algorithms { get; } = [];

    /// <summary>
    /// How long a proof without a nonce is accepted after it was made, by its <c>iat</c>. One with a nonce is accepted as long as the nonce is,
    /// see <see cref="NonceStep"/>. Default: 60 seconds.
    /// </summary>
    public TimeSpan ProofLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How far the clocks of clients may be off, ahead or behind, and how far those of the API's instances may differ. Default: 15 seconds.
    /// </summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>When a proof needs a nonce. Default: <see cref="DpopNonceMode.Off"/>.</summary>
    public DpopNonceMode Nonces { get; set; }

    /// <summary>How often the nonce changes. It is accepted for one step more. Default: one minute.</summary>
    public TimeSpan NonceStep { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The secret that nonces are made with: at least 32 random bytes in base64. Instances that share the load need the same one. Default:
    /// null, which makes one for this process.
    /// </summary>
    public string? NonceSecret { get; set; }

    /// <summary>
    /// The secret before <see cref="NonceSecret"/> was changed, or the one it will be changed to: nonces by it are accepted as well.
    /// Default: null.
    /// </summary>
    public string? OtherNonceSecret { get; set; }

    /// <summary>
    /// Whether nonces are made with the key ring of ASP.NET Core Data Protection instead of a secret: instances that share the ring and its
    /// application name accept each other's nonces, also while the ring goes over to a new key. Such a nonce has about 160 characters. Default:
    /// false.
    /// </summary>
    public bool NonceDataProtection { get; set; }

    /// <summary>
    /// Makes and checks the nonces, for an application that changes the secret while it runs. Default: null, which makes them by
    /// <see cref="NonceSecret"/> and <see cref="NonceStep"/>. Not for configuration.
    /// </summary>
    public DpopNonces? NonceIssuer { get; set; }

    /// <summary>How a used proof is known. Default: <see cref="DpopReplayDetection.Automatic"/>.</summary>
    public DpopReplayDetection Replay { get; set; }

    /// <summary>What happens when the replay store doesn't answer. Default: <see cref="DpopReplayFailure.Refuse"/>.</summary>
    public DpopReplayFailure ReplayFailure { get; set; }

    /// <summary>
    /// How many used proofs are remembered at most in the memory of this process. Default: 1,000,000. When all of them can still be used,
    /// requests are refused.
    /// </summary>
    public int MaximumReplayEntries { get; set; } = DpopMemoryReplayStore.DefaultMaximumEntries;

    /// <summary>
    /// The address by which clients know the API, when it stands behind a proxy: scheme, host, port, and a path that the proxy takes away.
    /// Default: null, which takes scheme, host and PathBase of the request, as forwarded headers have set them.
    /// </summary>
    public Uri? PublicOrigin { get; set; }

    /// <summary>How many characters a proof may have. Default: 8,192.</summary>
    public int MaximumProofLength { get; set; } = 8 * 1024;

    /// <summary>
    /// The clock. Default: null, which takes the <see cref="System.TimeProvider"/> of the services, or else the system's. Not for
    /// configuration.
    /// </summary>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>
    /// Called for each request that presented a token, whether it was accepted or not, before the answer. Default: null. Not for
    /// configuration.
    /// </summary>
    public Func<DpopValidation, ValueTask>? OnValidated { get; set; }
}
