using System.Runtime.CompilerServices;
using DpopHttp.Tokens.Grants;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Tokens.Caching;

/// <summary>The tokens of one client, one for each key that it signs with. It outlives handlers; a token goes when its key does.</summary>
internal sealed class TokenSource(Grant grant, DpopKeyRing keys, SharedTokenCache shared, TimeProvider time, ILogger logger)
{
    private readonly ConditionalWeakTable<DpopKey, TokenSlot> _slots = [];

    /// <summary>For the key that the client signs with now.</summary>
    /// <exception cref="DpopException">The key cannot be opened.</exception>
    public TokenSlot Current => _slots.GetValue(keys.Get(grant.Client), key => new TokenSlot(grant, key, shared, time, logger));
}
