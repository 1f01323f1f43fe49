using System.Globalization;
using System.Text;

namespace DpopHttp.Shared;

/// <summary>Makes text of a server fit for a message and a log: of one line, not long, and without control characters, which could forge lines or steer a terminal.</summary>
internal static class ServerText
{
    /// <summary>In characters.</summary>
    private const int MaximumLength = 200;

    /// <summary>The cleaned text, or null if there is none.</summary>
    public static string? Clean(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        StringBuilder clean = new(Math.Min(text.Length, MaximumLength) + 1);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > MaximumLength)
            {
                return clean.Append('…').ToString();
            }

            clean.Append(IsPrintable(rune) ? rune.ToString() : " ");
        }

        return clean.ToString();
    }

    /// <summary>Format characters, such as those that turn the direction of writing, would make a log show what it does not have.</summary>
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
