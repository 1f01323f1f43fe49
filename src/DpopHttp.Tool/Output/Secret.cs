using System.Globalization;

namespace DpopHttp.Tool.Output;

/// <summary>Shows that a secret is there, and enough of it to tell it from another, but not the secret.</summary>
internal static class Secret
{
    private const int Shown = 6;

    /// <summary>The first characters and the length. A short secret isn't shown at all.</summary>
    public static string Shorten(string value) => value.Length < Shown * 4
        ? $"({value.Length.ToString(CultureInfo.InvariantCulture)} characters)"
        : $"{Printable.Clean(value[..Shown])}… ({value.Length.ToString(CultureInfo.InvariantCulture)} characters)";
}
