namespace DpopHttp.AspNetCore;

/// <summary>
/// Demands a proof with a nonce of the server (RFC 9449 section 9), whatever the scheme's mode is: for endpoints where a proof made in
/// advance must not count.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false)]
public sealed class RequireDpopNonceAttribute : RequireDpopAttribute
{
    /// <inheritdoc/>
    internal override bool NeedsNonce => true;
}
