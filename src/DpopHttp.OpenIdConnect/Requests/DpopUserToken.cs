using System.Diagnostics;

namespace DpopHttp.OpenIdConnect;

/// <summary>A user's access token and the key that it is bound to.</summary>
/// <remarks>Its <see cref="object.ToString"/> doesn't show the token.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class DpopUserToken
{
    internal DpopUserToken(string value, DpopKey key, DateTimeOffset expiresAt) => (Value, Key, ExpiresAt) = (value, key, expiresAt);

    /// <summary>The access token. It goes out with the scheme <c>DPoP</c> and a proof of <see cref="Key"/> (RFC 9449 section 7.1).</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Value { get; }

    /// <summary>Signs the proofs for it. It isn't the caller's to dispose.</summary>
    public DpopKey Key { get; }

    /// <summary>When it expires, by the app's clock.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Which key it is for, and until when.</summary>
    public override string ToString() => $"DPoP token of the key {Key.Thumbprint} until {ExpiresAt:u}";
}
