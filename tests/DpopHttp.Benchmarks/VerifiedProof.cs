using System.Net.Http.Headers;
using DpopHttp.Verification;

namespace DpopHttp.Benchmarks;

/// <summary>Looks once at a proof of what is timed: a faulty one would be made in no time.</summary>
internal static class VerifiedProof
{
    /// <exception cref="InvalidOperationException">The proof isn't good for the request.</exception>
    public static string Require(string proof, Uri uri, string? token = null, string? nonce = null)
    {
        DpopProofResult result = new DpopProofVerifier().Verify(new DpopProofContext("GET", uri, [proof])
        {
            AccessToken = token,
            AcceptNonce = nonce is null ? null : value => value == nonce,
        });
        return result.IsValid ? proof : throw new InvalidOperationException($"What is timed isn't a good proof: {result}");
    }

    /// <exception cref="InvalidOperationException">The request's proof isn't good for it.</exception>
    public static void Require(HttpRequestMessage request)
    {
        string? token = request.Headers.NonValidated.TryGetValues("Authorization", out HeaderStringValues values) ? values.ToString().Split(' ')[1] : null;
        Require(request.Headers.NonValidated["DPoP"].ToString(), request.RequestUri!, token);
    }
}
