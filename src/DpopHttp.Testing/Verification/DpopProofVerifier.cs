namespace DpopHttp.Testing;

/// <summary>
/// Verifies DPoP proofs as a server does, strictly by
/// <see href="https://www.rfc-editor.org/rfc/rfc9449#section-4.3">RFC 9449 section 4.3</see>, and says which check failed.
/// Safe for use from many threads. Meant for tests, not as a server's gate: replays are remembered in this instance only.
/// </summary>
public sealed class DpopProofVerifier
{
    private readonly ReplayMemory _replays = new();

    /// <summary>
    /// The accepted values of <c>alg</c>. Default: ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384 and RS512; any other name that is
    /// added stays refused, because nothing here can verify it. Do not change the set while proofs are verified.
    /// </summary>
    public ISet<string> Algorithms { get; init; } = new HashSet<string>(ProofAlgorithm.Names, StringComparer.Ordinal);

    /// <summary>How old a proof may be, by its <c>iat</c>. Default: 60 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MaxAge
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(60);

    /// <summary>How far ahead of this clock <c>iat</c> may be. Default: 5 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan MaxFutureSkew
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    /// <summary>The clock that <c>iat</c> is compared with. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether a <c>jti</c> is accepted only once for each key (RFC 9449 section 11.1). Default: true. It is remembered for as long as the
    /// proof would be accepted otherwise.
    /// </summary>
    public bool DetectReplays { get; init; } = true;

    /// <summary>Verifies the proof of a request. A bad proof never throws; the result says what is wrong with it.</summary>
    /// <param name="context">The request and what the server knows of it.</param>
    /// <returns>The outcome, with the claims of the proof as far as they could be read.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public DpopProofResult Verify(DpopProofContext context) => Verify(context, TimeProvider.GetUtcNow());

    internal DpopProofResult Verify(DpopProofContext context, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new ProofExamination(this, _replays, context, now).Run();
    }
}
