using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Reports;

/// <summary>The checks by short names.</summary>
internal static class CheckNames
{
    /// <summary>For readers: the claim or header parameter that it is about.</summary>
    public static string LabelOf(DpopProofCheck check) => check switch
    {
        DpopProofCheck.SingleHeader => "one header",
        DpopProofCheck.WellFormed => "well-formed",
        DpopProofCheck.RequiredClaims => "claims",
        DpopProofCheck.Type => "typ",
        DpopProofCheck.Algorithm => "alg",
        DpopProofCheck.Signature => "signature",
        DpopProofCheck.NoPrivateKey => "public jwk",
        DpopProofCheck.Method => "htm",
        DpopProofCheck.Uri => "htu",
        DpopProofCheck.Nonce => "nonce",
        DpopProofCheck.IssuedAt => "iat",
        DpopProofCheck.Lifetime => "exp, nbf",
        DpopProofCheck.AccessTokenHash => "ath",
        DpopProofCheck.KeyBinding => "token's key",
        _ => "used once",
    };

    /// <summary>For scripts.</summary>
    public static string IdOf(DpopProofCheck check) => check switch
    {
        DpopProofCheck.SingleHeader => "singleHeader",
        DpopProofCheck.WellFormed => "wellFormed",
        DpopProofCheck.RequiredClaims => "requiredClaims",
        DpopProofCheck.Type => "typ",
        DpopProofCheck.Algorithm => "alg",
        DpopProofCheck.Signature => "signature",
        DpopProofCheck.NoPrivateKey => "noPrivateKey",
        DpopProofCheck.Method => "htm",
        DpopProofCheck.Uri => "htu",
        DpopProofCheck.Nonce => "nonce",
        DpopProofCheck.IssuedAt => "iat",
        DpopProofCheck.Lifetime => "lifetime",
        DpopProofCheck.AccessTokenHash => "ath",
        DpopProofCheck.KeyBinding => "keyBinding",
        _ => "replay",
    };

    /// <summary>The section without the number of the RFC where that is 9449.</summary>
    public static string ShortSectionOf(DpopProofCheck check) =>
        check == DpopProofCheck.Lifetime ? "RFC 7519" : check.GetSection().Replace("RFC 9449 section ", "", StringComparison.Ordinal).Replace(", item", " item", StringComparison.Ordinal);
}
