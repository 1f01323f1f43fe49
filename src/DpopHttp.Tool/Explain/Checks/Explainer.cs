using System.Text.Json;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>Makes every check of RFC 9449 section 4.3 that can be made, also those after the first that fails.</summary>
internal static class Explainer
{
    public static Explanation Explain(ExplainQuestion question)
    {
        CheckReport single = FormChecks.SingleHeader(question);
        if (question.Proofs.Count == 0)
        {
            return new Explanation(question, null, null, null, [single, .. SkipAfter(DpopProofCheck.SingleHeader, "There is no proof.")], []);
        }

        ProofText proof = ProofText.Read(question.Proofs[0]);
        DpopProofResult result = Verify(question, proof);
        CheckReport form = FormChecks.WellFormed(question.Proofs[0], proof, result);
        using ProofKeys? key = ProofKeys.Read(Member(proof.Header, "jwk"));
        string? thumbprint = result.Thumbprint ?? key?.Thumbprint;
        IReadOnlyList<CheckReport> rest = form.Verdict == Verdict.Failed
            ? SkipAfter(DpopProofCheck.WellFormed, "The proof isn't well-formed.")
            : [.. HeaderAndSignature(proof, result, key), .. Claims(question, proof, thumbprint)];
        return new Explanation(question, proof, thumbprint, key?.Description, [single, form, .. rest], ContextNotes.Of(question, proof));
    }

    /// <summary>The verdict of the verifier that the server side of this project uses.</summary>
    private static DpopProofResult Verify(ExplainQuestion question, ProofText proof)
    {
        string method = question.Method ?? NotEmpty(ProofText.Text(proof.Claims, "htm")) ?? "GET";
        string url = question.EffectiveUrl ?? ProofText.Text(proof.Claims, "htu") ?? "";
        return SoleClaim.VerifierOf(question).Verify(new DpopProofContext(method, url, [question.Proofs[0]]) { Time = question.Time });
    }

    private static IEnumerable<CheckReport> HeaderAndSignature(ProofText proof, DpopProofResult result, ProofKeys? key) =>
    [
        FormChecks.RequiredClaims(proof.Claims),
        HeaderChecks.Type(proof.Header),
        HeaderChecks.Algorithm(proof.Header),
        SignatureCheck.Run(proof, result, key),
        HeaderChecks.NoPrivateKey(Member(proof.Header, "jwk")),
    ];

    private static IEnumerable<CheckReport> Claims(ExplainQuestion question, ProofText proof, string? thumbprint)
    {
        SoleClaim sole = new(question, proof.Claims);
        return
        [
            RequestChecks.Method(question, proof.Claims, sole),
            RequestChecks.Uri(question, proof.Claims, sole),
            FreshnessChecks.Nonce(question, proof.Claims, sole),
            FreshnessChecks.IssuedAt(question, proof.Claims, sole),
            FreshnessChecks.Lifetime(proof.Claims, sole),
            TokenChecks.AccessTokenHash(question, proof.Claims, sole),
            TokenChecks.KeyBinding(question, thumbprint),
            FreshnessChecks.Replay(question),
        ];
    }

    private static CheckReport[] SkipAfter(DpopProofCheck check, string reason) =>
        [.. Enum.GetValues<DpopProofCheck>().Where(other => other > check).Select(other => CheckReport.Skip(other, reason))];

    private static JsonElement Member(JsonElement members, string name) => members.TryGetProperty(name, out JsonElement value) ? value : default;

    private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;
}
