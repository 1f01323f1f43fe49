using System.Diagnostics;
using DpopHttp.Shared;

namespace DpopHttp;

/// <summary>A refresh token and the key that it is bound to.</summary>
/// <remarks>Its <see cref="object.ToString"/> does not show the token.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class DpopRefreshToken
{
    /// <summary>Pairs them.</summary>
    /// <param name="value">The refresh token.</param>
    /// <param name="keyThumbprint">
    /// The <see cref="DpopKey.Thumbprint"/> of the key that a public client asked for it with: it is good with that key only (RFC 9449 section 5).
    /// Null for a confidential client, whose refresh token is bound to its credentials.
    /// </param>
    /// <exception cref="ArgumentException">The value is empty, or the thumbprint is none.</exception>
    public DpopRefreshToken(string value, string? keyThumbprint = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (keyThumbprint is not null)
        {
            JwkThumbprint.Require(keyThumbprint, nameof(keyThumbprint));
        }

        Value = value;
        KeyThumbprint = keyThumbprint;
    }

    /// <summary>The refresh token.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Value { get; }

    /// <summary>The thumbprint of the key that the token is bound to, or null.</summary>
    public string? KeyThumbprint { get; }

    /// <summary>Which key it is bound to.</summary>
    public override string ToString() => KeyThumbprint is null ? "refresh token" : $"refresh token bound to {KeyThumbprint}";
}
