using DpopHttp.Tokens.Grants;
using DpopHttp.Tokens.PerRequest;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Tokens.Caching;

/// <summary>The tokens of one client, for each key that it signs with. It outlives handlers; a token goes when its key does.</summary>
/// <param name="client">The client's name.</param>
/// <param name="options">The client's options: one object until they change.</param>
/// <param name="createGrant">Makes the grant for options.</param>
/// <param name="keys">Has the key that the client signs with.</param>
/// <param name="shared">Where other instances find tokens.</param>
/// <param name="time">The client's clock.</param>
/// <param name="logger">Gets the logs of all of it.</param>
internal sealed class TokenSource(
    string client, Func<object> options, Func<object, Grant> createGrant, DpopKeyRing keys, SharedTokenCache shared, TimeProvider time, ILogger logger)
{
    private readonly Lock _lock = new();
    private TokenGeneration? _generation;
    private int _logsOwnAuthorization = 1;

    /// <summary>For the key that the client signs with now, and for what a request wants of its token.</summary>
    /// <exception cref="DpopException">The key cannot be opened.</exception>
    public TokenSlot SlotFor(TokenParameters parameters) => SlotFor(keys.Get(client), parameters);

    /// <summary>As <see cref="SlotFor(TokenParameters)"/>. A key whose file takes long to open holds no thread of the caller's.</summary>
    /// <exception cref="DpopException">The key cannot be opened.</exception>
    public async ValueTask<TokenSlot> SlotForAsync(TokenParameters parameters, CancellationToken cancellationToken) =>
        SlotFor(await keys.GetAsync(client, cancellationToken).ConfigureAwait(false), parameters);

    public string Client => client;

    /// <summary>True once, unless a request has had a token before.</summary>
    public bool LogsOwnAuthorization() => Interlocked.Exchange(ref _logsOwnAuthorization, 0) == 1;

    /// <summary>A request has got a token: one with an Authorization header of its own is meant to have it.</summary>
    public void HasGivenToken() => Volatile.Write(ref _logsOwnAuthorization, 0);

    private TokenSlot SlotFor(DpopKey key, TokenParameters parameters) => FindGeneration().Slots.GetValue(key, CreateSlots).For(parameters);

    private TokenSlots CreateSlots(DpopKey key)
    {
        TokenGeneration generation = FindGeneration();
        return new TokenSlots(parameters => new TokenSlot(() => generation.Grant, key, parameters, shared, time, logger));
    }

    /// <summary>Options that get other tokens make those that are there useless; any others, such as a new secret, do not.</summary>
    private TokenGeneration FindGeneration()
    {
        object now = options();
        if (Volatile.Read(ref _generation) is { } known && ReferenceEquals(known.Options, now))
        {
            return known;
        }

        lock (_lock)
        {
            if (_generation is { } current && ReferenceEquals(current.Options, now))
            {
                return current;
            }

            TokenGeneration next = new(now, createGrant(now));
            if (_generation is { } before && before.Grant.Identity == next.Grant.Identity)
            {
                before.Change(now, next.Grant);
                return before;
            }

            Volatile.Write(ref _generation, next);
            return next;
        }
    }
}
