using System.Text.Json.Nodes;
using DpopHttp.Tool.Hosting;
using DpopHttp.Tool.Output;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Serving;

/// <summary>Authorization server and API in one, which say why they refuse.</summary>
internal sealed class DemoServer(TokenAuthority authority, TokenEndpoint tokens, Resource resource, ExchangeLog log)
{
    public async Task HandleAsync(HttpContext context)
    {
        string origin = $"{context.Request.Scheme}://{context.Request.Host}";
        Verdict verdict = await DecideAsync(context, origin).ConfigureAwait(false);
        context.Response.StatusCode = verdict.Status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        if (verdict.Challenge is { } challenge)
        {
            context.Response.Headers.WWWAuthenticate = challenge;
        }

        log.Write(context, verdict);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.WriteAsync(JsonText.Of(verdict.Body) + "\n", context.RequestAborted).ConfigureAwait(false);
        }
    }

    private async Task<Verdict> DecideAsync(HttpContext context, string origin) => RequestTarget.PathOf(context) switch
    {
        "/.well-known/oauth-authorization-server" or "/.well-known/openid-configuration" => new Verdict(StatusCodes.Status200OK, Metadata(origin)),
        "/jwks" => new Verdict(StatusCodes.Status200OK, new JsonObject { ["keys"] = new JsonArray(authority.PublicJwk) }),
        "/token" => await tokens.HandleAsync(context, origin, context.RequestAborted).ConfigureAwait(false),
        _ => await resource.HandleAsync(context, context.RequestAborted).ConfigureAwait(false),
    };

    private static JsonObject Metadata(string origin) => new()
    {
        ["issuer"] = origin,
        ["token_endpoint"] = $"{origin}/token",
        ["jwks_uri"] = $"{origin}/jwks",
        ["grant_types_supported"] = new JsonArray("client_credentials"),
        ["response_types_supported"] = new JsonArray(),
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post"),
        ["dpop_signing_alg_values_supported"] = new JsonArray([.. DpopProofVerifier.SupportedAlgorithms.Select(name => (JsonNode)name)]),
    };
}
