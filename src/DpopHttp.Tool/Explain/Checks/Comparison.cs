namespace DpopHttp.Tool.Explain.Checks;

/// <summary>Two texts that should be the same.</summary>
internal sealed record Comparison(string FirstName, string First, string SecondName, string Second)
{
    /// <summary>The index of the first character in which they differ.</summary>
    public int Difference => First.AsSpan().CommonPrefixLength(Second);
}
