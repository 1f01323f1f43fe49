using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.AspNetCore;

/// <summary>What DPoP has found out about a request.</summary>
public static class DpopHttpContextExtensions
{
    /// <summary>What became of the token and the proof of this request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The findings, or null when no scheme with DPoP has looked at the request.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public static DpopValidation? GetDpopValidation(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<DpopValidation>();
    }

    /// <summary>
    /// The thumbprint (RFC 7638, SHA-256, base64url) of the key that the principal's token is bound to: the <c>jkt</c> of its <c>cnf</c>
    /// claim (RFC 9449 section 6).
    /// </summary>
    /// <param name="principal">The principal.</param>
    /// <returns>The thumbprint, or null when the token isn't bound to a key.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="principal"/> is null.</exception>
    public static string? GetDpopThumbprint(this ClaimsPrincipal principal)
    {
        ArgumentNullException.ThrowIfNull(principal);
        return Confirmation.ThumbprintOf(principal);
    }
}
