using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>Everything that was found out about a proof.</summary>
/// <param name="Question">What was asked.</param>
/// <param name="Proof">The first proof as far as it could be read; null when there is none.</param>
/// <param name="Thumbprint">The thumbprint of its key, if it can be read.</param>
/// <param name="KeyDescription">Such as "EC P-256".</param>
/// <param name="Checks">All checks in the order of the RFC.</param>
/// <param name="Notes">What isn't a fault of the proof and may still be the reason of a refusal.</param>
internal sealed record Explanation(
    ExplainQuestion Question,
    ProofText? Proof,
    string? Thumbprint,
    string? KeyDescription,
    IReadOnlyList<CheckReport> Checks,
    IReadOnlyList<string> Notes)
{
    public bool IsValid => !Checks.Any(check => check.Verdict == Verdict.Failed);

    /// <summary>What a server that goes by the order of the RFC reports.</summary>
    public DpopProofCheck? FailedCheck => Checks.FirstOrDefault(check => check.Verdict == Verdict.Failed)?.Check;
}
