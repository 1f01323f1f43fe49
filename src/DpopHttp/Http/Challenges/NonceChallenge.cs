using System.Net;
using DpopHttp.Nonces;

namespace DpopHttp.Http.Challenges;

/// <summary>Tells whether a response asks for the same request again with the nonce that it brings.</summary>
internal static class NonceChallenge
{
    private const string UseDpopNonce = "use_dpop_nonce";
    private const string InvalidDpopProof = "invalid_dpop_proof";

    /// <summary>The nonce to answer with, or null if the response is no nonce challenge or brings only the nonce that was refused.</summary>
    public static async ValueTask<string?> ReadAsync(HttpResponseMessage response, string? sentNonce, bool async, CancellationToken cancellationToken)
    {
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest)
            || Nonce.Read(response.Headers) is not { } nonce
            || nonce == sentNonce)
        {
            return null;
        }

        bool asks = response.StatusCode == HttpStatusCode.Unauthorized
            ? !NamesAnotherError(response)
            : await ErrorBody.ReadErrorAsync(response, async, cancellationToken).ConfigureAwait(false) == UseDpopNonce;
        return asks ? nonce : null;
    }

    /// <summary>Servers differ in the error that they name with a nonce (RFC 9449 section 9); these two can be cured by one.</summary>
    private static bool NamesAnotherError(HttpResponseMessage response) =>
        response.DpopChallenges().Any(c => c.Error is not (null or UseDpopNonce or InvalidDpopProof));
}
