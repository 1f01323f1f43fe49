using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>One check and how it ended.</summary>
/// <param name="Check">The check.</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="Finding">What was found, in one sentence or two.</param>
/// <param name="Advice">What to do about it.</param>
internal sealed record CheckReport(DpopProofCheck Check, Verdict Verdict, string Finding, string? Advice = null)
{
    /// <summary>Two texts to show one under the other, with the first character in which they differ.</summary>
    public Comparison? Comparison { get; init; }

    public static CheckReport Pass(DpopProofCheck check, string finding, string? advice = null) => new(check, Verdict.Passed, finding, advice);

    public static CheckReport Fail(DpopProofCheck check, string finding, string? advice = null) => new(check, Verdict.Failed, finding, advice);

    public static CheckReport Skip(DpopProofCheck check, string reason) => new(check, Verdict.NotChecked, reason);
}
