using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using DpopHttp.Tests.Support;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Tests.Probing;

/// <summary>A protected resource with one fault planted, or none.</summary>
internal static class FaultyApi
{
    public const string Token = "the-access-token";

    public static Task<LoopbackServer> StartAsync(string thumbprint, string? fault, bool demandsNonces, int refusal = 401)
    {
        DpopProofVerifier verifier = new() { ReplayStore = fault == "replay" ? null : new DpopMemoryReplayStore() };
        DpopNonces nonces = new();
        return LoopbackServer.StartAsync(async context =>
        {
            string[] proofs = [.. context.Request.Headers["DPoP"].OfType<string>()];
            string[] authorization = context.Request.Headers.Authorization.ToString().Split(' ');
            DpopProofResult result = await verifier.VerifyAsync(new DpopProofContext("GET", $"http://{context.Request.Host}{context.Request.Path}", proofs)
            {
                AccessToken = Token,
                BoundThumbprint = thumbprint,
                AcceptNonce = demandsNonces ? nonces.Accepts : null,
            });
            bool isAccepted = authorization[0] == "Bearer" ? fault == "bearer" : result.IsValid || IsOverlooked(fault, result, proofs);
            if (fault == "unknown" && proofs.Length == 1 && ClaimsOf(proofs[0])?.TryGetProperty("probe", out _) == true)
            {
                isAccepted = false;
            }

            context.Response.StatusCode = isAccepted ? 200 : fault == "crash" && proofs is ["probe"] ? 500 : refusal;
            bool isChallenge = result.FailedCheck == DpopProofCheck.Nonce;
            if (isChallenge)
            {
                context.Response.Headers["DPoP-Nonce"] = nonces.Current;
            }

            if (!isAccepted && fault != "challenge")
            {
                context.Response.Headers.WWWAuthenticate = $"DPoP error=\"{(isChallenge ? "use_dpop_nonce" : "invalid_dpop_proof")}\"";
            }
        });
    }

    /// <summary>Whether an API with the fault lets the request through.</summary>
    private static bool IsOverlooked(string? fault, DpopProofResult result, string[] proofs) => fault switch
    {
        "noProof" => proofs.Length == 0,
        "twoProofs" => proofs is [var joined] && joined.Contains(','),
        "notJwt" => proofs is ["probe"],
        "crit" => result.FailedCheck == DpopProofCheck.WellFormed && !proofs[0].Contains(',') && proofs[0].Contains('.') && !proofs[0].EndsWith('.'),
        "jti" or "htmMissing" or "htuMissing" or "iatMissing" => result.FailedCheck == DpopProofCheck.RequiredClaims && ClaimsOf(proofs[0])?.TryGetProperty(fault[..3], out _) == false,
        "typ" => result.FailedCheck == DpopProofCheck.Type,
        "algNone" => proofs.Length == 1 && proofs[0].EndsWith('.'),
        "algSymmetric" => result.FailedCheck == DpopProofCheck.Algorithm && !proofs[0].EndsWith('.'),
        "signature" => result.FailedCheck == DpopProofCheck.Signature && result.Header.ContainsKey("jwk"),
        "noJwk" => result.FailedCheck == DpopProofCheck.Signature && !result.Header.ContainsKey("jwk"),
        "privateKey" => result.FailedCheck == DpopProofCheck.NoPrivateKey,
        "htm" => result.FailedCheck == DpopProofCheck.Method && result.Claimed == "PUT",
        "htmCase" => result.FailedCheck == DpopProofCheck.Method && result.Claimed == "get",
        "htuPath" => result.FailedCheck == DpopProofCheck.Uri && result.Claimed!.EndsWith("/probe", StringComparison.Ordinal),
        "htuHost" => result.FailedCheck == DpopProofCheck.Uri && result.Claimed!.Contains("probe.invalid", StringComparison.Ordinal),
        "nonce" => result.FailedCheck == DpopProofCheck.Nonce && result.Nonce is not null,
        "iatOld" => result.FailedCheck == DpopProofCheck.IssuedAt && result.Description!.Contains("old", StringComparison.Ordinal),
        "iatAhead" => result.FailedCheck == DpopProofCheck.IssuedAt && result.Description!.Contains("future", StringComparison.Ordinal),
        "exp" or "nbf" => result.FailedCheck == DpopProofCheck.Lifetime && result.Claims.ContainsKey(fault),
        "athMissing" => result.FailedCheck == DpopProofCheck.AccessTokenHash && !result.Claims.ContainsKey("ath"),
        "ath" => result.FailedCheck == DpopProofCheck.AccessTokenHash && result.Claims.ContainsKey("ath"),
        "key" => result.FailedCheck == DpopProofCheck.KeyBinding,
        _ => false,
    };

    private static JsonElement? ClaimsOf(string proof) =>
        proof.Split('.') is [_, var claims, _] ? JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(claims))).RootElement : null;
}
