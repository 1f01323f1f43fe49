using System.Security.Cryptography;

namespace DpopHttp.Verification;

/// <summary>
/// Makes and checks the nonces of a server (<see href="https://www.rfc-editor.org/rfc/rfc9449#section-8">RFC 9449 sections 8 and 9</see>)
/// without remembering any: a nonce is an HMAC of the current time step, 43 characters long and the same for all clients. Those of the
/// step before and of the next step are accepted too, so that clients are not challenged at each step and instances may differ in time.
/// Instances that share a secret accept each other's nonces. Safe for use from many threads.
/// </summary>
public sealed class DpopNonces
{
    /// <summary>The least size of a secret in bytes: 32.</summary>
    public const int MinimumSecretSize = 32;

    private readonly Lock _gate = new();
    private readonly TimeProvider _timeProvider;
    private NonceSecrets _secrets;
    private NonceStep _step;

    /// <summary>Makes nonces with a random secret, for an API that runs as one instance.</summary>
    /// <param name="step">How often the nonce changes. Default: one minute.</param>
    /// <param name="timeProvider">The clock. Default: the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is shorter than one second.</exception>
    public DpopNonces(TimeSpan? step = null, TimeProvider? timeProvider = null)
        : this(RandomNumberGenerator.GetBytes(MinimumSecretSize), step, timeProvider)
    {
    }

    /// <summary>Makes nonces with a secret that several instances share.</summary>
    /// <param name="secret">At least 32 random bytes. They are copied.</param>
    /// <param name="step">How often the nonce changes. Default: one minute.</param>
    /// <param name="timeProvider">The clock. Default: the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="secret"/> is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is shorter than one second.</exception>
    public DpopNonces(ReadOnlySpan<byte> secret, TimeSpan? step = null, TimeProvider? timeProvider = null)
    {
        Step = step ?? TimeSpan.FromMinutes(1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Step, TimeSpan.FromSeconds(1), nameof(step));
        _timeProvider = timeProvider ?? TimeProvider.System;
        _secrets = new NonceSecrets(Copy(secret), null, 0);
        _step = _secrets.At(CurrentStep);
    }

    /// <summary>How often the nonce changes.</summary>
    public TimeSpan Step { get; }

    /// <summary>How long a nonce is accepted at most: two steps after it was made, and a third where clocks differ.</summary>
    public TimeSpan Lifetime => 3 * Step;

    /// <summary>The nonce to hand out now.</summary>
    public string Current => Now().Current;

    /// <summary>Whether a nonce is accepted now: one of the current step, of the one before or of the next, by either secret.</summary>
    /// <param name="nonce">The <c>nonce</c> claim of a proof.</param>
    /// <returns>True when it is.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="nonce"/> is null.</exception>
    public bool Accepts(string nonce)
    {
        ArgumentNullException.ThrowIfNull(nonce);
        return Now().Accepts(nonce);
    }

    /// <summary>Whether this is the nonce that is handed out now. When it isn't, the answer should bring the current one.</summary>
    /// <param name="nonce">The <c>nonce</c> claim of a proof.</param>
    /// <returns>True when it is.</returns>
    public bool IsCurrent(string? nonce) => nonce == Now().Current;

    /// <summary>
    /// Makes nonces with another secret from now on. Nonces by the secret before stay accepted for their lifetime, so no client is
    /// challenged. Where several instances share a secret, <see cref="Accept"/> the new one everywhere first.
    /// </summary>
    /// <param name="secret">At least 32 random bytes. They are copied.</param>
    /// <exception cref="ArgumentException"><paramref name="secret"/> is too short.</exception>
    public void Rotate(ReadOnlySpan<byte> secret) => Use(new NonceSecrets(Copy(secret), _secrets.Maker, CurrentStep + 2));

    /// <summary>Makes nonces with a new random secret from now on; see <see cref="Rotate(ReadOnlySpan{byte})"/>.</summary>
    public void Rotate() => Rotate(RandomNumberGenerator.GetBytes(MinimumSecretSize));

    /// <summary>
    /// Accepts nonces by another secret as well, until the next call of this method or of <see cref="Rotate(ReadOnlySpan{byte})"/>: the
    /// secret that other instances use already, or will use next.
    /// </summary>
    /// <param name="secret">At least 32 random bytes. They are copied.</param>
    /// <exception cref="ArgumentException"><paramref name="secret"/> is too short.</exception>
    public void Accept(ReadOnlySpan<byte> secret) => Use(new NonceSecrets(_secrets.Maker, Copy(secret), long.MaxValue));

    private long CurrentStep => _timeProvider.GetUtcNow().UtcTicks / Step.Ticks;

    private NonceStep Now()
    {
        long number = CurrentStep;
        NonceStep step = Volatile.Read(ref _step);
        if (step.Number == number)
        {
            return step;
        }

        lock (_gate)
        {
            step = _secrets.At(number);
            Volatile.Write(ref _step, step);
            return step;
        }
    }

    private void Use(NonceSecrets secrets)
    {
        lock (_gate)
        {
            _secrets = secrets;
            Volatile.Write(ref _step, secrets.At(CurrentStep));
        }
    }

    private static byte[] Copy(ReadOnlySpan<byte> secret) => secret.Length >= MinimumSecretSize
        ? secret.ToArray()
        : throw new ArgumentException($"The secret has {secret.Length} bytes; nonces need at least {MinimumSecretSize}.", nameof(secret));
}
