namespace DpopHttp.Tool.Explain.Checks;

/// <summary>How a check ended.</summary>
internal enum Verdict
{
    Passed,
    Failed,
    NotChecked,
}
