using DpopHttp.Verification;
using LoopbackServers.Hosting;
using Microsoft.AspNetCore.Http;

namespace LoopbackServers.AuthorizationServer;

/// <summary>
/// POST /token: client_credentials (RFC 6749 section 4.4) with a DPoP proof (RFC 9449 section 5). First who asks, then what for, and the
/// proof last, so that a request which fails anyway uses up no jti.
/// </summary>
internal sealed class TokenEndpoint(
    RegisteredClient client, AccessTokenIssuer tokens, TokenRequestProofs proofs, LoopbackAuthorizationServerOptions options)
{
    public async Task<IResult> HandleAsync(HttpContext context, string issuer)
    {
        HttpRequest request = context.Request;
        if (!client.IsAuthenticatedBy(request.Headers.Authorization))
        {
            // RFC 6749 section 5.2: a 401 names the scheme that the client should have used.
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"token\"";
            return Refuse(context, "invalid_client", "The client is unknown or its secret is wrong.", StatusCodes.Status401Unauthorized);
        }

        if (!request.HasFormContentType)
        {
            return Refuse(context, "invalid_request", "The body is not a form.");
        }

        IFormCollection form = await request.ReadFormAsync(context.RequestAborted);
        if (form["grant_type"] != "client_credentials")
        {
            return Refuse(context, "unsupported_grant_type", "The only grant here is client_credentials.");
        }

        if (form.TryGetValue("scope", out var scope) && scope != options.Scope)
        {
            return Refuse(context, "invalid_scope", $"The only scope here is {options.Scope}.");
        }

        DpopProofResult proof = await proofs.VerifyAsync(context);
        return proof.IsValid
            ? Grant(issuer, proof.Thumbprint!)
            : Refuse(context, TokenRequestProofs.ErrorOf(proof), proof.Description!);
    }

    private IResult Grant(string issuer, string thumbprint) => Results.Json(new
    {
        access_token = tokens.Issue(issuer, client.Id, thumbprint),
        token_type = "DPoP",
        expires_in = (int)options.TokenLifetime.TotalSeconds,
        scope = options.Scope,
    });

    private static IResult Refuse(HttpContext context, string error, string reason, int status = StatusCodes.Status400BadRequest)
    {
        LoopbackExchange exchange = context.Exchange();
        exchange.Error = error;
        exchange.Reason = reason;
        return Results.Json(new { error }, statusCode: status);
    }
}
