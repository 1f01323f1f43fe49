using System.Text.Json;
using System.Text.Json.Nodes;
using DpopHttp.Tool.Explain.Checks;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Reports;

/// <summary>Explanations for scripts.</summary>
internal static class ExplanationJson
{
    /// <summary>One object; for a recording, an object with one for each request.</summary>
    public static JsonObject Of(IReadOnlyList<Explanation> explanations) => explanations.Count == 1
        ? Of(explanations[0])
        : new JsonObject
        {
            ["valid"] = explanations.All(explanation => explanation.IsValid),
            ["requests"] = new JsonArray([.. explanations.Select(explanation => (JsonNode)Of(explanation))]),
        };

    private static JsonObject Of(Explanation explanation) => new()
    {
        ["valid"] = explanation.IsValid,
        ["failedCheck"] = explanation.FailedCheck is { } failed ? CheckNames.IdOf(failed) : null,
        ["method"] = explanation.Question.Method,
        ["url"] = explanation.Question.Url is { } url ? UriDifference.WithoutQuery(url) : null,
        ["header"] = explanation.Proof is { } proof ? WithoutPrivateMembers(proof.Header) : null,
        ["claims"] = explanation.Proof is { } same ? JsonNode.Parse(same.Claims.GetRawText()) : null,
        ["thumbprint"] = explanation.Thumbprint,
        ["checks"] = new JsonArray([.. explanation.Checks.Select(check => (JsonNode)Of(check))]),
        ["notes"] = new JsonArray([.. explanation.Notes.Select(note => (JsonNode)note)]),
    };

    private static JsonObject Of(CheckReport report) => new()
    {
        ["check"] = CheckNames.IdOf(report.Check),
        ["section"] = report.Check.GetSection(),
        ["verdict"] = report.Verdict switch { Verdict.Passed => "passed", Verdict.Failed => "failed", _ => "notChecked" },
        ["finding"] = report.Finding,
        ["advice"] = report.Advice,
        ["firstDifference"] = report.Comparison?.Difference,
    };

    private static JsonNode? WithoutPrivateMembers(JsonElement header)
    {
        JsonNode? copy = JsonNode.Parse(header.GetRawText());
        if (copy?["jwk"] is JsonObject jwk)
        {
            foreach (string name in jwk.Select(member => member.Key).Where(HeaderChecks.IsPrivateMember).ToArray())
            {
                jwk[name] = ProofMembersView.Hidden;
            }
        }

        return copy;
    }
}
