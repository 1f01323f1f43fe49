namespace DpopHttp.Origins;

/// <summary>The nonce for a proof, and where it comes from.</summary>
/// <param name="Value">The nonce, or null while the origin has given none.</param>
/// <param name="IsOfOtherKey">Whether the origin gave it to another key.</param>
/// <param name="IsOfOtherSpace">Whether the origin gave it to a request of the other kind, with a token or without.</param>
/// <param name="Received">What is remembered of it; null for one that came with the refusal that is being answered.</param>
internal readonly record struct NonceChoice(string? Value, bool IsOfOtherKey = false, bool IsOfOtherSpace = false, ReceivedNonce? Received = null);
