using System.Diagnostics.CodeAnalysis;
using DpopHttp.Collections;

namespace DpopHttp.Http.Authorization;

/// <summary>Tokens in use, so that hash and binding are found once for each and not for each request.</summary>
internal sealed class AccessTokenCache
{
    /// <summary>Enough for a service's tokens; a gateway with more users hashes again now and then.</summary>
    private const int Capacity = 256;

    private readonly BoundedCache<string, AccessToken> _tokens = new(Capacity, new TailComparer());

    public AccessToken Find(ReadOnlySpan<char> token) => _tokens.TryGet(token, out AccessToken? known)
        ? known
        : _tokens.GetOrAdd(token.ToString(), static (value, _) => new AccessToken(value), 0);

    /// <summary>Tokens of one issuer differ at their end, in the signature; hashing all of a long one costs as much as SHA-256.</summary>
    private sealed class TailComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
    {
        private const int Tail = 32;

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode([DisallowNull] string obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<char> alternate) =>
            string.GetHashCode(alternate[Math.Max(0, alternate.Length - Tail)..], StringComparison.Ordinal);

        public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
    }
}
