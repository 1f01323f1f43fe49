using System.Globalization;
using System.Text.Json;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>What isn't wrong with the proof and may still be why a server refuses the request.</summary>
internal static class ContextNotes
{
    public static IReadOnlyList<string> Of(ExplainQuestion question, ProofText proof)
    {
        List<string> notes = [];
        if (question.Scheme is { } scheme && !scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase))
        {
            notes.Add($"The access token came as {Output.Printable.Clean(scheme, 20)}. A token that is bound to a key goes with the scheme DPoP (RFC 9449 section 7.1).");
        }

        if (question.Token is { } token && ExpiryOf(token) is { } expiry && expiry < question.Time)
        {
            notes.Add($"The access token expired at {expiry.UtcDateTime.ToString("u", CultureInfo.InvariantCulture)}: the server answers invalid_token whatever the proof is.");
        }

        if (question is { Status: 400 or 401, NonceGiven: { } given } && ProofText.Text(proof.Claims, "nonce") != given)
        {
            notes.Add($"The server answered {question.Status} with a DPoP-Nonce that this proof doesn't have. The client has to send the request once more with it (RFC 9449 sections 8 and 9).");
        }

        if (question is { SeenUrl: { } seen, Url: { } url } && !UriDifference.AreSame(seen, url))
        {
            (string difference, _) = UriDifference.Describe(url, seen, "the URL that was called", "what the server saw");
            notes.Add($"A proxy changes the URL on its way. {difference}");
        }

        if (ProofText.Text(proof.Claims, "jti") is { Length: > 0 and < 12 })
        {
            notes.Add("jti is short. RFC 9449 section 4.2 asks for 96 bits of random data at least, so that two proofs never have the same.");
        }

        return notes;
    }

    private static DateTimeOffset? ExpiryOf(string token) =>
        ProofText.Read(token).Claims.TryGetProperty("exp", out JsonElement exp)
        && exp.ValueKind == JsonValueKind.Number && exp.TryGetInt64(out long seconds) && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
