using System.Globalization;
using System.Text.Json;
using DpopHttp.Tool.Output;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>Items 10 and 11, and sections 11.1 and RFC 7519 4.1.4: the proof was made just now and is used once.</summary>
internal static class FreshnessChecks
{
    /// <summary>Seconds since 1970 have as many digits for a long time; more means milliseconds.</summary>
    private const double FirstMilliseconds = 100_000_000_000;

    public static CheckReport Nonce(ExplainQuestion question, JsonElement claims, SoleClaim sole)
    {
        string? nonce = ProofText.Text(claims, "nonce");
        if (question.Nonce is not { } expected)
        {
            return CheckReport.Skip(DpopProofCheck.Nonce, nonce is null
                ? "The proof has no nonce. That is right unless the server demands one."
                : "The proof has a nonce. Give --nonce with the server's newest to compare.");
        }

        if (sole.Verify(DpopProofCheck.Nonce).IsValid)
        {
            return CheckReport.Pass(DpopProofCheck.Nonce, "nonce is the server's.");
        }

        return nonce is null
            ? CheckReport.Fail(DpopProofCheck.Nonce, $"nonce is {HeaderChecks.Quote(claims, "nonce")}, but the server demands one.",
                "Take the nonce from the DPoP-Nonce header of the server's answer, put it into a new proof as the claim nonce, and send the request once more.")
            : CheckReport.Fail(DpopProofCheck.Nonce, "nonce isn't the one that the server demands.",
                nonce.Trim('"') == expected
                    ? "It is the same but for quotes around it. The value of DPoP-Nonce goes into the claim as it is."
                    : "Keep the newest DPoP-Nonce of each answer, also of successful ones, for each server apart: an authorization server's nonces aren't an API's.");
    }

    public static CheckReport IssuedAt(ExplainQuestion question, JsonElement claims, SoleClaim sole)
    {
        if (!claims.TryGetProperty("iat", out JsonElement claim) || claim.ValueKind != JsonValueKind.Number || !claim.TryGetDouble(out double issued))
        {
            return CheckReport.Skip(DpopProofCheck.IssuedAt, "There is no iat that is a number.");
        }

        double age = (question.Time.ToUnixTimeMilliseconds() / 1000.0) - issued;
        if (sole.Verify(DpopProofCheck.IssuedAt).IsValid)
        {
            return CheckReport.Pass(DpopProofCheck.IssuedAt, age >= 0 ? $"iat is {Seconds(age)} ago." : $"iat is {Seconds(-age)} ahead, within what is accepted.");
        }

        if (issued >= FirstMilliseconds)
        {
            return CheckReport.Fail(DpopProofCheck.IssuedAt, "iat is in milliseconds.", "Use whole seconds since 1970: divide by 1,000.");
        }

        return age > 0
            ? CheckReport.Fail(DpopProofCheck.IssuedAt, $"iat is {Seconds(age)} behind; at most {Seconds(question.MaxAge.TotalSeconds)} are accepted here.",
                "Make a proof for each attempt just before it is sent, and compare the client's clock with the Date of the server's answer. To judge an old proof as of when it was sent, give --at.")
            : CheckReport.Fail(DpopProofCheck.IssuedAt, $"iat is {Seconds(-age)} ahead; at most {Seconds(question.Skew.TotalSeconds)} are accepted here.",
                "Set the client's clock, or take the difference to the Date of the server's answer into account. Local time without its offset is a common reason when it is whole hours.");
    }

    public static CheckReport Lifetime(JsonElement claims, SoleClaim sole)
    {
        bool hasExpiry = claims.TryGetProperty("exp", out _), hasStart = claims.TryGetProperty("nbf", out _);
        DpopProofResult result = sole.Verify(DpopProofCheck.Lifetime);
        return result.IsValid
            ? CheckReport.Pass(DpopProofCheck.Lifetime, hasExpiry || hasStart ? "Within exp and nbf." : "No exp or nbf, and none is needed.")
            : CheckReport.Fail(DpopProofCheck.Lifetime, result.Description!, "A proof needs neither exp nor nbf: iat is enough. Leave them out, or make a new proof.");
    }

    public static CheckReport Replay(ExplainQuestion question) => question.IsRepeated switch
    {
        true => CheckReport.Fail(DpopProofCheck.Replay, "An earlier request of this recording had a proof with the same jti.",
            "Make a new proof with a new jti for each attempt, also for retries below the code that makes the proof."),
        false => CheckReport.Pass(DpopProofCheck.Replay, "No earlier request of this recording had this jti."),
        null => CheckReport.Skip(DpopProofCheck.Replay, "Only the server knows whether it was used before."),
    };

    private static string Seconds(double seconds) => seconds < 120
        ? $"{seconds.ToString("0.#", CultureInfo.InvariantCulture)} s"
        : $"{seconds.ToString("#,0", CultureInfo.InvariantCulture)} s ({Span(TimeSpan.FromSeconds(Math.Min(seconds, 1e11)))})";

    private static string Span(TimeSpan span) => span.TotalDays >= 2 ? $"{span.TotalDays.ToString("#,0", CultureInfo.InvariantCulture)} days"
        : span.TotalHours >= 2 ? $"{span.TotalHours.ToString("0.#", CultureInfo.InvariantCulture)} hours"
        : $"{span.TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture)} minutes";
}
