using DpopHttp.Verification;
using LoopbackServers.Hosting;
using Microsoft.AspNetCore.Http;

namespace LoopbackServers.AuthorizationServer;

/// <summary>
/// Verifies the proofs of token requests (RFC 9449 sections 5 and 8): the checks of section 4.3, each proof once, with a nonce of this
/// server. A server of more than one process needs a replay store that all of them share.
/// </summary>
internal sealed class TokenRequestProofs(TimeSpan nonceInterval, TimeProvider clock)
{
    private readonly DpopProofVerifier _verifier = new() { TimeProvider = clock };
    private readonly DpopNonces _nonces = new(nonceInterval, clock);

    public void RotateNonce() => _nonces.Rotate();

    /// <summary>Verifies the request's proof, and puts a nonce on the answer if the client needs one.</summary>
    public async Task<DpopProofResult> VerifyAsync(HttpContext context)
    {
        string[] proofs = [.. context.Request.Headers["DPoP"].OfType<string>()];
        DpopProofResult result = await _verifier.VerifyAsync(
            new DpopProofContext(context.Request.Method, context.OwnUri(), proofs) { AcceptNonce = _nonces.Accepts }, context.RequestAborted);

        LoopbackExchange exchange = context.Exchange();
        exchange.ProofResult = result;
        exchange.Reason = result.Description;

        // With a good answer only when there is news: the client then never has to be challenged for it.
        if (result.FailedCheck == DpopProofCheck.Nonce || (result.IsValid && !_nonces.IsCurrent(result.Nonce)))
        {
            context.Response.Headers["DPoP-Nonce"] = _nonces.Current;
        }

        return result;
    }

    public static string ErrorOf(DpopProofResult result) =>
        result.FailedCheck == DpopProofCheck.Nonce ? "use_dpop_nonce" : "invalid_dpop_proof";
}
