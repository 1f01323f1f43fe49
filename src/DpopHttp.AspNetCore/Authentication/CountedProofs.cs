using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.AspNetCore;

/// <summary>
/// A proof that a replay store has counted for a request, and those counted before it. A second scheme that accepts the token, or an error page for which the
/// request is authenticated once more in another scope, looks at the same proof again, and that is no replay.
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
