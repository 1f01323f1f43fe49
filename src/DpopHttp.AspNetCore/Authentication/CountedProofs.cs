using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.AspNetCore;

/// <summary>
/// A proof that a replay store has counted for a request, and those counted before it. The same proof is verified again if a second scheme accepts the token,
/// or if an error page authenticates the request once more in another scope. That isn't a replay.
/// </summary>
internal sealed class CountedProofs(DpopReplayStore store, string proof, CountedProofs? before)
{
    public static bool Contain(HttpContext context, DpopReplayStore store, DpopProofContext proof)
    {
        for (CountedProofs? counted = context.Features.Get<CountedProofs>(); counted is not null; counted = counted.Before)
        {
            if (proof.Proofs.Count == 1 && counted.Proof == proof.Proofs[0] && counted.Store == store)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds a proof that was accepted.</summary>
    public static void Add(HttpContext context, DpopReplayStore store, DpopProofContext proof) =>
        context.Features.Set(new CountedProofs(store, proof.Proofs[0], context.Features.Get<CountedProofs>()));

    private CountedProofs? Before => before;

    private string Proof => proof;

    private DpopReplayStore Store => store;
}
