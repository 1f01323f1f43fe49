using DpopHttp.Collections;
using DpopHttp.Tokens.PerRequest;

namespace DpopHttp.Tokens.Caching;

/// <summary>The tokens of one client and key: its own, and one for each combination of parameters that requests come with, as far as they are kept.</summary>
internal sealed class TokenSlots(Func<TokenParameters, TokenSlot> create)
{
    /// <summary>One that was not used for a while is forgotten for a new one. A tenant that comes back costs a token request.</summary>
    private const int MostCombinations = 1_000;

    private readonly TokenSlot _plain = create(TokenParameters.None);
    private readonly BoundedCache<string, TokenSlot> _others = new(MostCombinations);

    public TokenSlot For(TokenParameters parameters) =>
        parameters.IsEmpty ? _plain : _others.GetOrAdd(parameters.Identity, static (_, wanted) => wanted.create(wanted.parameters), (create, parameters));
}
