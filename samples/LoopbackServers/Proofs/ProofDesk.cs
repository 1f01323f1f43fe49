using DpopHttp.Verification;
using LoopbackServers.Hosting;
using Microsoft.AspNetCore.Http;

namespace LoopbackServers.Proofs;

/// <summary>
/// Possession: does the sender hold the key? Both servers ask it here. The verifier makes the checks of RFC 9449 section 4.3 in their order
/// and remembers each jti; a server of more than one process needs a memory that all of them share.
/// </summary>
internal sealed class ProofDesk(TimeSpan nonceInterval, TimeProvider clock)
{
    private readonly DpopProofVerifier _verifier = new() { TimeProvider = clock };
    private readonly RotatingNonces _nonces = new(nonceInterval, clock);

    public IEnumerable<string> Algorithms => _verifier.Algorithms;

    public void RotateNonce() => _nonces.Rotate();

    /// <summary>Verifies the request's proof, and puts a nonce on the answer if the client needs one.</summary>
    public DpopProofResult Examine(HttpContext context, string? accessToken = null, string? boundThumbprint = null)
    {
        string[] proofs = [.. context.Request.Headers["DPoP"].OfType<string>()];
        DpopProofResult result = _verifier.Verify(new DpopProofContext(context.Request.Method, context.OwnUri(), proofs)
        {
            AccessToken = accessToken,
            BoundThumbprint = boundThumbprint,
            AcceptNonce = _nonces.Accepts,
        });

        LoopbackExchange exchange = context.Exchange();
        exchange.ProofResult = result;
        exchange.Reason = result.Description;
        GiveNonce(context, exchange, result);
        return result;
    }

    public static string ErrorOf(DpopProofResult result) =>
        result.FailedCheck == DpopProofCheck.Nonce ? "use_dpop_nonce" : "invalid_dpop_proof";

    // With a good answer only when there is news: the client then never has to be challenged for it.
    private void GiveNonce(HttpContext context, LoopbackExchange exchange, DpopProofResult result)
    {
        string current = _nonces.Current;
        bool isChallenge = result.FailedCheck == DpopProofCheck.Nonce;
        bool isNews = result.IsValid && !result.Claims["nonce"].ValueEquals(current);
        if (isChallenge || isNews)
        {
            exchange.NonceGiven = current;
            context.Response.Headers["DPoP-Nonce"] = current;
        }
    }
}
