using System.Text;

namespace DpopHttp.Tool.Output;

/// <summary>Makes text from outside safe for a terminal.</summary>
internal static class Printable
{
    private const int MaximumLength = 500;

    /// <summary>The text without control characters, which a terminal would obey, and cut when it is very long.</summary>
    public static string Clean(string text, int maximumLength = MaximumLength)
    {
        StringBuilder cleaned = new(Math.Min(text.Length, maximumLength) + 1);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (cleaned.Length >= maximumLength)
            {
                return cleaned.Append('…').ToString();
            }

            bool isHarmful = Rune.IsControl(rune)
                || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator;
            _ = isHarmful ? cleaned.Append('\uFFFD') : cleaned.Append(rune);
        }

        return cleaned.ToString();
    }
}
