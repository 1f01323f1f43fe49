using System.Text.Json.Nodes;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Serving;

/// <summary>What a request is answered with.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="Error">The OAuth error of a refusal.</param>
/// <param name="Reason">What was found, for a refusal.</param>
/// <param name="Check">The check of the proof that failed.</param>
internal sealed record Verdict(int Status, JsonObject Body, string? Error = null, string? Reason = null, DpopProofCheck? Check = null)
{
    /// <summary>What the WWW-Authenticate header says.</summary>
    public string? Challenge { get; init; }

    public static Verdict Refuse(int status, string error, string reason, DpopProofResult? result = null)
    {
        JsonObject body = new() { ["error"] = error, ["error_description"] = reason };
        if (result?.FailedCheck is { } check)
        {
            body["check"] = check.ToString();
            body["section"] = result.Section;
            body["seen"] = result.Seen;
            body["claimed"] = result.Claimed;
        }

        return new Verdict(status, body, error, reason, result?.FailedCheck);
    }
}
