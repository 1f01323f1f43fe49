using System.Globalization;
using System.Text;

namespace DpopHttp.OpenIdConnect.Errors;

/// <summary>Makes text of a server fit for a message: of one line, without control characters, and not long.</summary>
internal static class ServerText
{
    private const int MaximumLength = 200;

    public static string? Clean(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        StringBuilder clean = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > MaximumLength)
            {
                return clean.Append('…').ToString();
            }

            bool isPrintable = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            clean.Append(isPrintable ? rune.ToString() : " ");
        }

        return clean.ToString();
    }
}
