namespace DpopHttp.Verification;

/// <summary>
/// Verifies DPoP proofs, strictly by <see href="https://www.rfc-editor.org/rfc/rfc9449#section-4.3">RFC 9449 section 4.3</see>, and says
/// which check failed. Keep one instance for the life of a server: it remembers used proofs and the keys that it has imported. Safe for use
/// from many threads.
/// </summary>
public sealed class DpopProofVerifier
{
    private readonly bool _hasStoreOfItsOwn = true;
    private readonly Lazy<PublicKeyCache> _keys;
    private DpopReplayStore? _replayStore;

    /// <summary>Creates a verifier with the default settings.</summary>
    public DpopProofVerifier() => _keys = new Lazy<PublicKeyCache>(() => new PublicKeyCache(MaximumCachedKeys));

    /// <summary>The names of all algorithms that can be verified here: ES256, ES384, ES512, PS256 … PS512, RS256 … RS512.</summary>
    public static IReadOnlyList<string> SupportedAlgorithms => ProofAlgorithm.Names;

    /// <summary>
    /// The accepted values of <c>alg</c>. Default: <see cref="SupportedAlgorithms"/>; any other name that is added stays refused, because
    /// nothing here can verify it. Do not change the set while proofs are verified.
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

    /// <summary>
    /// How far ahead of this clock <c>iat</c> may be; <c>nbf</c> may be as far ahead and <c>exp</c> as far behind. The clocks of instances
    /// that share a <see cref="ReplayStore"/> may differ by as much: each proof is remembered for so long. Default: 5 seconds.
    /// </summary>
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

    /// <summary>How many characters a proof may have. Default: 16,384.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaximumProofLength
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 16 * 1024;

    /// <summary>
    /// How many public keys are kept ready for the next proof, those whose proofs have passed every check. Default: 4,096, of about 2 KB each.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int MaximumCachedKeys
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 4096;

    /// <summary>The clock that <c>iat</c> is compared with. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Remembers used proofs, so that each is accepted once (RFC 9449 section 11.1). Default: a <see cref="DpopMemoryReplayStore"/> of this
    /// verifier's own. Null: a proof may be used again for as long as it would be accepted otherwise.
    /// </summary>
    public DpopReplayStore? ReplayStore
    {
        get => _hasStoreOfItsOwn
            ? LazyInitializer.EnsureInitialized(ref _replayStore, () => new DpopMemoryReplayStore(timeProvider: TimeProvider))
            : _replayStore;
        init
        {
            _replayStore = value;
            _hasStoreOfItsOwn = false;
        }
    }

    internal PublicKeyCache Keys => _keys.Value;

    /// <summary>Verifies the proof of a request. A bad proof never throws; the result says what is wrong with it.</summary>
    /// <param name="context">The request and what the server knows of it.</param>
    /// <param name="cancellationToken">Ends the wait for the replay store.</param>
    /// <returns>The outcome, with the claims of the proof as far as they could be read.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    /// <exception cref="DpopReplayStoreException">The replay store could not tell whether the proof was used before.</exception>
    public ValueTask<DpopProofResult> VerifyAsync(DpopProofContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        using ProofExamination examination = new(this, context);
        DpopProofResult result = examination.Run();
        if (!result.IsValid || ReplayStore is not { } store)
        {
            return ValueTask.FromResult(result);
        }

        ValueTask<bool> added = store.TryAddAsync(examination.ReplayKey, examination.AcceptableUntil, cancellationToken);
        return added.IsCompletedSuccessfully
            ? ValueTask.FromResult(added.Result ? result : examination.CreateReplayed())
            : AwaitAsync(added, result, examination.CreateReplayed());
    }

    /// <summary>Verifies without waiting; for a verifier that remembers used proofs in memory, or not at all.</summary>
    /// <param name="context">The request and what the server knows of it.</param>
    /// <returns>The outcome, with the claims of the proof as far as they could be read.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The <see cref="ReplayStore"/> is one that must be waited for.</exception>
    /// <exception cref="DpopReplayStoreException">The replay store could not tell whether the proof was used before.</exception>
    public DpopProofResult Verify(DpopProofContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (ReplayStore is not (null or DpopMemoryReplayStore))
        {
            throw new InvalidOperationException(
                $"The replay store {ReplayStore.GetType()} must be waited for; call {nameof(VerifyAsync)}, or use {nameof(DpopMemoryReplayStore)}.");
        }

        ValueTask<DpopProofResult> result = VerifyAsync(context);
        return result.IsCompleted ? result.Result : throw new InvalidOperationException("The store in memory has not answered at once.");
    }

    private static async ValueTask<DpopProofResult> AwaitAsync(ValueTask<bool> added, DpopProofResult result, DpopProofResult replayed) =>
        await added.ConfigureAwait(false) ? result : replayed;
}
