using System.Runtime.CompilerServices;
using DpopHttp.Tokens.Grants;

namespace DpopHttp.Tokens.Caching;

/// <summary>The tokens of a client that are good for the same, and how to get more of them.</summary>
internal sealed class TokenGeneration(object options, Grant grant)
{
    private volatile object _options = options;
    private volatile Grant _grant = grant;

    public object Options => _options;

    public Grant Grant => _grant;

    public ConditionalWeakTable<DpopKey, TokenSlots> Slots { get; } = [];

    public void Change(object options, Grant grant)
    {
        _grant = grant;
        _options = options;
    }
}
