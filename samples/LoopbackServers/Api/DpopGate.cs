using System.Net.Http.Headers;
using DpopHttp.Verification;
using LoopbackServers.Hosting;
using LoopbackServers.Proofs;
using Microsoft.AspNetCore.Http;

namespace LoopbackServers.Api;

/// <summary>
/// Stands before every endpoint of the API and lets pass who holds a good token and the key that it is bound to (RFC 9449 section 7).
/// The two are separate questions: the token says what may be done, the proof that the sender is who the token was given to.
/// </summary>
internal sealed class DpopGate(AccessTokenValidator tokens, ProofDesk proofs)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        LoopbackExchange exchange = context.Exchange();
        if (await HasGoodTokenAsync(context, exchange) is { } thumbprint && HoldsKey(context, exchange, thumbprint))
        {
            await next(context);
        }
    }

    /// <summary>The thumbprint of the key that the token is bound to, or null when the request was refused.</summary>
    private async Task<string?> HasGoodTokenAsync(HttpContext context, LoopbackExchange exchange)
    {
        if (AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out AuthenticationHeaderValue? authorization))
        {
            exchange.Scheme = authorization.Scheme;
            exchange.AccessToken = authorization.Parameter;
        }

        TokenVerdict verdict = exchange switch
        {
            { AccessToken: null } => TokenVerdict.Refused(TokenCheck.Present, "The request has no access token."),
            _ when !"DPoP".Equals(exchange.Scheme, StringComparison.OrdinalIgnoreCase) =>
                TokenVerdict.Refused(TokenCheck.Scheme, $"The token came as {exchange.Scheme}; only DPoP is accepted here."),
            _ => await tokens.ValidateAsync(exchange.AccessToken),
        };
        if (verdict.FailedCheck is { } failed)
        {
            exchange.FailedTokenCheck = failed;
            exchange.Reason = verdict.Reason;
            int status = failed == TokenCheck.Scope ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
            Challenge(context, exchange, ErrorOf(failed), status);
        }

        return verdict.Thumbprint;
    }

    private bool HoldsKey(HttpContext context, LoopbackExchange exchange, string thumbprint)
    {
        DpopProofResult proof = proofs.Examine(context, exchange.AccessToken, thumbprint);
        if (!proof.IsValid)
        {
            // With the wrong key it is the token that is of no use, whatever the proof (RFC 9449 section 7.1).
            string error = proof.FailedCheck == DpopProofCheck.KeyBinding ? "invalid_token" : ProofDesk.ErrorOf(proof);
            Challenge(context, exchange, error, StatusCodes.Status401Unauthorized);
        }

        return proof.IsValid;
    }

    // Who sent no credentials is told what to send, and no error (RFC 6750 section 3.1).
    private static string? ErrorOf(TokenCheck failed) => failed switch
    {
        TokenCheck.Present => null,
        TokenCheck.Scope => "insufficient_scope",
        _ => "invalid_token",
    };

    private void Challenge(HttpContext context, LoopbackExchange exchange, string? error, int status)
    {
        exchange.Error = error;
        string algorithms = $"algs=\"{string.Join(' ', proofs.Algorithms)}\"";
        context.Response.StatusCode = status;
        context.Response.Headers.WWWAuthenticate = error is null ? $"DPoP {algorithms}" : $"DPoP error=\"{error}\", {algorithms}";
    }
}
