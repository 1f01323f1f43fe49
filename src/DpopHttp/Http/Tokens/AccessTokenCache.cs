using System.Diagnostics.CodeAnalysis;
using DpopHttp.Nonces;

namespace DpopHttp.Http.Tokens;

/// <summary>Tokens in use, so that hash and binding are found once for each and not for each request.</summary>
internal sealed class AccessTokenCache
{
    /// <summary>Enough for a service's tokens; a gateway with more users hashes again now and then.</summary>
    private const int Capacity = 256;

    private readonly BoundedCache<string, AccessToken> _tokens = new(Capacity, new TailComparer());

    public AccessToken this[string token] => _tokens.GetOrAdd(token, static t => new AccessToken(t));

    /// <summary>Tokens of one issuer differ at their end, in the signature; hashing all of a long one costs as much as SHA-256.</summary>
    private sealed class TailComparer : IEqualityComparer<string>
    {
        private const int Tail = 32;

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode([DisallowNull] string obj) =>
            string.GetHashCode(obj.AsSpan(Math.Max(0, obj.Length - Tail)), StringComparison.Ordinal);
    }
}
