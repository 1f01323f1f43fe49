using DpopHttp.Verification;

namespace SignInServer;

/// <summary>Verifies the proofs of requests to this server (RFC 9449 sections 5 and 8), each with a nonce of its own.</summary>
internal sealed class Proofs
{
    private readonly DpopProofVerifier _verifier = new();
    private readonly DpopNonces _nonces = new();

    public async Task<DpopProofResult> VerifyAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        DpopProofResult result = await _verifier.VerifyAsync(
            new DpopProofContext(request.Method, new Uri($"{request.Scheme}://{request.Host}{request.Path}"), request.Headers["DPoP"].OfType<string>())
            {
                AcceptNonce = _nonces.Accepts,
                IsNonceRequired = true,
            },
            context.RequestAborted);
        if (result.FailedCheck == DpopProofCheck.Nonce || (result.IsValid && !_nonces.IsCurrent(result.Nonce)))
        {
            context.Response.Headers["DPoP-Nonce"] = _nonces.Current;
        }

        return result;
    }

    public static string ErrorOf(DpopProofResult result) => result.FailedCheck == DpopProofCheck.Nonce ? "use_dpop_nonce" : "invalid_dpop_proof";
}
