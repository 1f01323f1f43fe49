using System.Text.Json;
using DpopHttp.Verification;

namespace DpopHttp.AspNetCore;

/// <summary>The words for failed checks: for metrics, and for the client.</summary>
internal static class RefusalNames
{
    private static readonly string[] Reasons =
        [.. Enum.GetValues<DpopProofCheck>().Select(check => JsonNamingPolicy.SnakeCaseLower.ConvertName(check.ToString()))];

    public static string ReasonOf(DpopProofCheck check) => Reasons[(int)check];

    public static string ErrorOf(DpopProofCheck check) => check switch
    {
        DpopProofCheck.Nonce => DpopErrors.UseNonce,

        // With another key it is the token that is of no use, whatever the proof (RFC 9449 section 7.1).
        DpopProofCheck.KeyBinding => DpopErrors.InvalidToken,
        _ => DpopErrors.InvalidProof,
    };

    /// <summary>One fixed sentence for each check: the details are for the log, not for whoever sends proofs.</summary>
    public static string DescriptionOf(DpopProofCheck check) => check switch
    {
        DpopProofCheck.SingleHeader => "The request needs exactly one DPoP header.",
        DpopProofCheck.WellFormed => "The proof is not a well-formed JWT.",
        DpopProofCheck.RequiredClaims => "The proof lacks a required claim.",
        DpopProofCheck.Type => "The typ of the proof is not dpop+jwt.",
        DpopProofCheck.Algorithm => "The alg of the proof is not accepted.",
        DpopProofCheck.Signature => "The signature of the proof does not verify with its jwk.",
        DpopProofCheck.NoPrivateKey => "The jwk of the proof has a private member.",
        DpopProofCheck.Method => "The htm of the proof is not the method of the request.",
        DpopProofCheck.Uri => "The htu of the proof is not the URI of the request.",
        DpopProofCheck.Nonce => "The proof needs the nonce of this answer.",
        DpopProofCheck.IssuedAt => "The iat of the proof is too old or too far ahead.",
        DpopProofCheck.Lifetime => "The exp of the proof is past, or its nbf still to come.",
        DpopProofCheck.AccessTokenHash => "The ath of the proof is not the hash of the access token.",
        DpopProofCheck.KeyBinding => "The access token is bound to another key.",
        _ => "The proof was used before.",
    };
}
