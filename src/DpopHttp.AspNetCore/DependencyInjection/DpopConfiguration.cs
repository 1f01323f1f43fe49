namespace DpopHttp.AspNetCore;

/// <summary>
/// The properties of <see cref="DpopAuthenticationOptions"/> that configuration can hold. Those it does not mention are left as they are.
/// </summary>
internal sealed class DpopConfiguration
{
    public DpopBearerTokens? BearerTokens { get; set; }

    public IList<string>? Algorithms { get; set; }

    public TimeSpan? ProofLifetime { get; set; }

    public TimeSpan? ClockSkew { get; set; }

    public DpopNonceMode? Nonces { get; set; }

    public TimeSpan? NonceStep { get; set; }

    public string? NonceSecret { get; set; }

    public string? OtherNonceSecret { get; set; }

    public bool? NonceDataProtection { get; set; }

    public DpopReplayDetection? Replay { get; set; }

    public DpopReplayFailure? ReplayFailure { get; set; }

    public int? MaximumReplayEntries { get; set; }

    public Uri? PublicOrigin { get; set; }

    public int? MaximumProofLength { get; set; }

    public void ApplyTo(DpopAuthenticationOptions options)
    {
        options.BearerTokens = BearerTokens ?? options.BearerTokens;
        options.ProofLifetime = ProofLifetime ?? options.ProofLifetime;
        options.ClockSkew = ClockSkew ?? options.ClockSkew;
        options.Nonces = Nonces ?? options.Nonces;
        options.NonceStep = NonceStep ?? options.NonceStep;
        options.NonceSecret = NonceSecret ?? options.NonceSecret;
        options.OtherNonceSecret = OtherNonceSecret ?? options.OtherNonceSecret;
        options.NonceDataProtection = NonceDataProtection ?? options.NonceDataProtection;
        options.Replay = Replay ?? options.Replay;
        options.ReplayFailure = ReplayFailure ?? options.ReplayFailure;
        options.MaximumReplayEntries = MaximumReplayEntries ?? options.MaximumReplayEntries;
        options.PublicOrigin = PublicOrigin ?? options.PublicOrigin;
        options.MaximumProofLength = MaximumProofLength ?? options.MaximumProofLength;
        foreach (string algorithm in Algorithms ?? [])
        {
            options.Algorithms.Add(algorithm);
        }
    }
}
