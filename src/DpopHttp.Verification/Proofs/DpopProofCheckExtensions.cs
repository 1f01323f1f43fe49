namespace DpopHttp.Verification;

/// <summary>Where the checks come from.</summary>
public static class DpopProofCheckExtensions
{
    private static readonly string[] Sections =
    [
        "RFC 9449 section 4.3, item 1", "RFC 9449 section 4.3, item 2", "RFC 9449 section 4.3, item 3", "RFC 9449 section 4.3, item 4",
        "RFC 9449 section 4.3, item 5", "RFC 9449 section 4.3, item 6", "RFC 9449 section 4.3, item 7", "RFC 9449 section 4.3, item 8",
        "RFC 9449 section 4.3, item 9", "RFC 9449 section 4.3, item 10", "RFC 9449 section 4.3, item 11",
        "RFC 7519 sections 4.1.4 and 4.1.5", "RFC 9449 section 4.3, item 12", "RFC 9449 section 4.3, item 12", "RFC 9449 section 11.1",
    ];

    /// <summary>The section of the RFC that asks for a check.</summary>
    /// <param name="check">The check.</param>
    /// <returns>Such as "RFC 9449 section 4.3, item 9".</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="check"/> is not one of the checks.</exception>
    public static string GetSection(this DpopProofCheck check)
    {
        ArgumentOutOfRangeException.ThrowIfNegative((int)check, nameof(check));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)check, Sections.Length, nameof(check));
        return Sections[(int)check];
    }
}
