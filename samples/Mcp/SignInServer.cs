using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using DpopHttp.Verification;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace McpSample;

/// <summary>
/// An authorization server for the sample: whoever asks is signed in at once (RFC 6749 section 4.1, with PKCE), and tokens are given to the key whose proof
/// comes with the token request (RFC 9449 section 5), which has to have a nonce (section 8).
/// </summary>
internal sealed class SignInServer(WebApplication app)
{
    private readonly ECDsaSecurityKey _key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "sample" };
    private readonly DpopProofVerifier _proofs = new();
    private readonly DpopNonces _nonces = new();
    private readonly ConcurrentDictionary<string, SignIn> _signIns = new();

    /// <summary>The port is known when the server has started.</summary>
    private string Issuer => app.Urls.Single();

    public void Map()
    {
        app.MapGet("/.well-known/oauth-authorization-server", () => new
        {
            issuer = Issuer,
            authorization_endpoint = $"{Issuer}/authorize",
            token_endpoint = $"{Issuer}/token",
            jwks_uri = $"{Issuer}/jwks",
            response_types_supported = new[] { "code" },
            grant_types_supported = new[] { "authorization_code" },
            code_challenge_methods_supported = new[] { "S256" },
            token_endpoint_auth_methods_supported = new[] { "none" },
            authorization_response_iss_parameter_supported = true,
            dpop_signing_alg_values_supported = DpopProofVerifier.SupportedAlgorithms,
        });
        app.MapGet("/jwks", () => new { keys = new[] { PublicJwk() } });
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", (Delegate)GiveTokenAsync);
    }

    private IResult Authorize(string client_id, Uri redirect_uri, string code_challenge, string state, string? resource)
    {
        string code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _signIns[code] = new SignIn(client_id, redirect_uri.OriginalString, code_challenge, resource);
        return Results.Redirect(QueryHelpers.AddQueryString(
            redirect_uri.OriginalString, new Dictionary<string, string?> { ["code"] = code, ["state"] = state, ["iss"] = Issuer }));
    }

    private async Task<IResult> GiveTokenAsync(HttpContext context)
    {
        string[] proofs = [.. context.Request.Headers["DPoP"].OfType<string>()];
        DpopProofResult proof = await _proofs.VerifyAsync(
            new DpopProofContext("POST", $"{Issuer}/token", proofs) { AcceptNonce = _nonces.Accepts }, context.RequestAborted);
        if (!proof.IsValid)
        {
            context.Response.Headers["DPoP-Nonce"] = _nonces.Current;
            return Results.BadRequest(new { error = proof.FailedCheck == DpopProofCheck.Nonce ? "use_dpop_nonce" : "invalid_dpop_proof" });
        }

        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        return _signIns.TryRemove(form["code"].ToString(), out SignIn? signIn)
            && signIn.ClientId == form["client_id"] && signIn.RedirectUri == form["redirect_uri"] && signIn.CodeChallenge == challenge
                ? Results.Json(new { access_token = Token(signIn, proof.Thumbprint!), token_type = "DPoP", expires_in = 300 })
                : Results.BadRequest(new { error = "invalid_grant" });
    }

    private string Token(SignIn signIn, string thumbprint) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        TokenType = "at+jwt",
        Issuer = Issuer,
        Audience = signIn.Resource,
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
        SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256),
        Claims = new Dictionary<string, object>
        {
            ["sub"] = "somebody",
            ["client_id"] = signIn.ClientId,
            ["cnf"] = new Dictionary<string, object> { ["jkt"] = thumbprint },
        },
    });

    private Dictionary<string, string> PublicJwk()
    {
        ECPoint point = _key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new Dictionary<string, string>
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = _key.KeyId,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private sealed record SignIn(string ClientId, string RedirectUri, string CodeChallenge, string? Resource);
}
