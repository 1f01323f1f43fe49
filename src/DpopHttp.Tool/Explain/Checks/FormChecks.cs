using System.Text.Json;
using DpopHttp.Tool.Output;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>Items 1 to 3: there is one proof, it is a JWT, and it has the claims that every proof has.</summary>
internal static class FormChecks
{
    public static CheckReport SingleHeader(ExplainQuestion question) => question.Proofs.Count switch
    {
        1 => CheckReport.Pass(DpopProofCheck.SingleHeader, "One proof."),
        0 => CheckReport.Fail(DpopProofCheck.SingleHeader, "The request has no DPoP header.", "Send a proof in the DPoP header of each request."),
        int count => CheckReport.Fail(
            DpopProofCheck.SingleHeader,
            $"The request has {count} DPoP headers. The first is looked at below.",
            "Send exactly one. A retry must replace the header of the attempt before, and two layers of a client must not both add one."),
    };

    public static CheckReport WellFormed(string text, ProofText proof, DpopProofResult result)
    {
        if (result.FailedCheck != DpopProofCheck.WellFormed)
        {
            return CheckReport.Pass(DpopProofCheck.WellFormed, "A compact JWS of two JSON objects.");
        }

        (string? finding, string? advice) = Diagnose(text, proof);
        return CheckReport.Fail(DpopProofCheck.WellFormed, finding ?? result.Description!, advice);
    }

    public static CheckReport RequiredClaims(JsonElement claims)
    {
        List<string> faults = [];
        foreach ((string name, JsonValueKind kind) in (ReadOnlySpan<(string, JsonValueKind)>)[
            ("jti", JsonValueKind.String), ("htm", JsonValueKind.String), ("htu", JsonValueKind.String), ("iat", JsonValueKind.Number)])
        {
            if (!claims.TryGetProperty(name, out JsonElement value))
            {
                faults.Add($"{name} is missing");
            }
            else if (value.ValueKind != kind)
            {
                faults.Add($"{name} is {Article(value.ValueKind)} and must be {Article(kind)}");
            }
            else if (name == "jti" && value.GetString() is "")
            {
                faults.Add("jti is empty");
            }
        }

        return faults.Count == 0
            ? CheckReport.Pass(DpopProofCheck.RequiredClaims, "jti, htm, htu and iat are there.")
            : CheckReport.Fail(
                DpopProofCheck.RequiredClaims,
                $"Of the claims that every proof needs, {string.Join(", ", faults)}.",
                "Set jti to a new random text for each proof, htm and htu to the request's method and URL, and iat to the time in seconds since 1970 as a number.");
    }

    private static (string? Finding, string? Advice) Diagnose(string text, ProofText proof)
    {
        if (text.Any(char.IsWhiteSpace) || text.Contains('"'))
        {
            return ("The proof has white space or quotes in it.", "Send the three parts in one line with nothing else.");
        }

        if (proof.Parts.Length != 3)
        {
            return (
                $"The proof has {proof.Parts.Length} part{(proof.Parts.Length == 1 ? "" : "s")} between dots; a signed JWT has 3.",
                proof.Parts.Length == 5 ? "This is an encrypted JWT (JWE). A proof is signed and not encrypted." : "Was it cut off while it was copied?");
        }

        if (text.Contains('=') || text.Contains('+') || text.Contains('/'))
        {
            return ("The proof is encoded as base64 and not as base64url.", "Use base64url without padding (RFC 7515 section 2): '-' and '_' for '+' and '/', and no '='.");
        }

        if (ProofText.Text(proof.Header, "alg") == "none" && proof.Parts[2].Length == 0)
        {
            return ("The proof isn't signed: its alg is none and its signature is empty.", "Sign it with the private key whose public part is in jwk.");
        }

        foreach (string name in (string[])["crit", "b64"])
        {
            if (proof.Header.TryGetProperty(name, out _))
            {
                return ($"The header has {name}, an extension that changes how a JWS is read.", $"Leave {name} out.");
            }
        }

        return (FindDuplicate(proof.Header) ?? FindDuplicate(proof.Claims)) is { } twice
            ? ($"The member {Printable.Clean(twice, 40)} is there twice: a duplicate is read in two ways by two parsers.", "Write each member once.")
            : (null, "The first part must be the header and the second the claims, each a JSON object in UTF-8 and base64url.");
    }

    private static string? FindDuplicate(JsonElement members) =>
        members.EnumerateObject().GroupBy(member => member.Name).FirstOrDefault(group => group.Count() > 1)?.Key;

    private static string Article(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
