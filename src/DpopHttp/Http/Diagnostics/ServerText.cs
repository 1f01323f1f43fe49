using System.Globalization;
using System.Text;

namespace DpopHttp.Http.Diagnostics;

/// <summary>Makes text from a server fit for a log line: short, and without control characters, which could forge lines or steer a terminal.</summary>
internal static class ServerText
{
    /// <summary>Characters.</summary>
    private const int MaximumLength = 200;

    public static string Clean(string text)
    {
        StringBuilder clean = new(Math.Min(text.Length, MaximumLength + 1));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length >= MaximumLength)
            {
                return clean.Append('…').ToString();
            }

            clean.Append(IsSafe(rune) ? rune.ToString() : " ");
        }

        return clean.ToString();
    }

    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
}
