using DpopHttp.Tool.Hosting;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Serving;

/// <summary>Verifies the proof of a request and gives the client its next nonce.</summary>
internal sealed class ProofDesk(NonceBook nonces, string? publicOrigin, TimeProvider timeProvider)
{
    private readonly DpopProofVerifier _verifier = new() { TimeProvider = timeProvider };

    public static string ErrorOf(DpopProofResult result) => result.FailedCheck == DpopProofCheck.Nonce ? "use_dpop_nonce" : "invalid_dpop_proof";

    public async Task<DpopProofResult> VerifyAsync(HttpContext context, string? token, string? thumbprint, CancellationToken cancellationToken)
    {
        string origin = publicOrigin ?? $"{context.Request.Scheme}://{context.Request.Host}";
        DpopProofContext proofContext = new(
            context.Request.Method, origin + RequestTarget.PathOf(context), context.Request.Headers["DPoP"].OfType<string>())
        {
            AccessToken = token,
            BoundThumbprint = thumbprint,
            AcceptNonce = nonces.Accept,
        };
        DpopProofResult result = await _verifier.VerifyAsync(proofContext, cancellationToken).ConfigureAwait(false);
        if (nonces.ForAnswer(result.FailedCheck == DpopProofCheck.Nonce, result.Nonce) is { } nonce)
        {
            context.Response.Headers["DPoP-Nonce"] = nonce;
        }

        return result;
    }
}
