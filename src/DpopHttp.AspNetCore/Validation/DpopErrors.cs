namespace DpopHttp.AspNetCore;

/// <summary>The error codes of RFC 6750 section 3.1 and RFC 9449 section 12.2.</summary>
internal static class DpopErrors
{
    public const string InvalidRequest = "invalid_request";
    public const string InvalidToken = "invalid_token";
    public const string InvalidProof = "invalid_dpop_proof";
    public const string UseNonce = "use_dpop_nonce";
}
