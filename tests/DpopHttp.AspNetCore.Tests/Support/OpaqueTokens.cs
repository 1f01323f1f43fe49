using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>A scheme for opaque tokens, as introspection handlers are: what the token is good for is known elsewhere.</summary>
internal sealed class OpaqueTokens(IOptionsMonitor<OpaqueTokenOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<OpaqueTokenOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (!Options.Confirmations.TryGetValue(header["Bearer ".Length..], out string? confirmation))
        {
            return Task.FromResult(AuthenticateResult.Fail("The token isn't active."));
        }

        ClaimsIdentity identity = new([new Claim("sub", "alice"), new Claim("cnf", confirmation)], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name)));
    }
}
