namespace DpopHttp.Tool.Output;

/// <summary>Which streams lead to a terminal.</summary>
/// <param name="IsInput">Somebody can be asked.</param>
/// <param name="IsOutput">Somebody looks at the result.</param>
/// <param name="IsError">Somebody looks at notes and errors.</param>
/// <param name="Width">The columns; null for those of the window.</param>
internal sealed record Terminal(bool IsInput, bool IsOutput, bool IsError, int? Width = null);
