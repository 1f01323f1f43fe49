using System.Diagnostics.CodeAnalysis;
using DpopHttp.Collections;

namespace DpopHttp.Http.Authorization;

/// <summary>Tokens in use, so that hash and binding are found once for each and not for each request.</summary>
internal sealed class AccessTokenCache
{
    /// <summary>Enough for a service's tokens; a gateway with more users hashes again now and then.</summary>
    private const int Capacity = 256;

    private readonly BoundedCache<string, AccessToken> _tokens = new(Capacity, new EndsComparer());

    public AccessToken Find(ReadOnlySpan<char> token) => _tokens.TryGet(token, out AccessToken? known)
        ? known
        : _tokens.GetOrAdd(token.ToString(), static (value, _) => new AccessToken(value), 0);

    /// <summary>Hashing all of a long token costs as much as SHA-256. Those of one issuer differ in the signature at their end, or are random from their beginning.</summary>
    private sealed class EndsComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
    {
        private const int Length = 32;

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode([DisallowNull] string obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<char> alternate) => alternate.Length <= Length
            ? string.GetHashCode(alternate, StringComparison.Ordinal)
            : string.GetHashCode(alternate[..Length], StringComparison.Ordinal) ^ string.GetHashCode(alternate[^Length..], StringComparison.Ordinal);

        public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
    }
}
