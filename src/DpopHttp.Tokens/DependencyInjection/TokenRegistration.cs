using DpopHttp.Tokens.Caching;

namespace DpopHttp.Tokens;

/// <summary>How a named client gets its tokens. A client has one way: a second one is a fault at start-up.</summary>
internal sealed class TokenRegistration
{
    public HashSet<string> Grants { get; } = [];

    /// <summary>Null for a client without tokens of its own.</summary>
    public Func<TokenSource>? Source { get; set; }
}
