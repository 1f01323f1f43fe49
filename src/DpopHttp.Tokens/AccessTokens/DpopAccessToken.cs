using System.Diagnostics;

namespace DpopHttp;

/// <summary>An access token and the key that it is bound to.</summary>
/// <remarks>Its <see cref="object.ToString"/> does not show the token.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class DpopAccessToken
{
    internal DpopAccessToken(string value, string scheme, DpopKey key, DateTimeOffset expiresAt) => (Value, Scheme, Key, ExpiresAt) = (value, scheme, key, expiresAt);

    /// <summary>The access token.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Value { get; }

    /// <summary>The scheme that it goes out with: <c>DPoP</c>, or <c>Bearer</c> for one that is not bound, where <see cref="DpopOptions.BearerTokens"/> allows that.</summary>
    public string Scheme { get; }

    /// <summary>Signs the proofs for it. It is not the caller's to dispose.</summary>
    public DpopKey Key { get; }

    /// <summary>When it expires, by the client's clock.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Which key it is for, and until when.</summary>
    public override string ToString() => $"{Scheme} token of the key {Key.Thumbprint} until {ExpiresAt:u}";
}
