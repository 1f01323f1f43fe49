using System.Globalization;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>Says in plain words how two URLs differ.</summary>
internal static class UriDifference
{
    public static string WithoutQuery(string url) => url.IndexOfAny(['?', '#']) is >= 0 and int end ? url[..end] : url;

    /// <summary>Whether the two are the same but for query, fragment and the case of scheme and host.</summary>
    public static bool AreSame(string first, string second) =>
        TryParse(first, out Uri? one) && TryParse(second, out Uri? two)
            ? one.Scheme == two.Scheme && one.IdnHost == two.IdnHost && one.Port == two.Port && one.AbsolutePath == two.AbsolutePath
            : WithoutQuery(first) == WithoutQuery(second);

    /// <summary>What differs, and what to do about it.</summary>
    public static (string Finding, string Advice) Describe(string claimed, string expected, string claimedName = "htu", string expectedName = "the request")
    {
        if (!TryParse(claimed, out Uri? htu))
        {
            return ($"{claimedName} is '{Clean(claimed)}', which isn't an absolute URL.", "Set htu to the whole URL with scheme, host and path.");
        }

        if (htu.UserInfo.Length > 0)
        {
            return ($"{claimedName} has a user name in it.", "Leave user names and passwords out of htu.");
        }

        if (!TryParse(expected, out Uri? request))
        {
            return ($"The URL of the request, '{Clean(expected)}', isn't an absolute URL.", "Give the URL with scheme and host.");
        }

        string names = $"{claimedName} has {{0}}, {expectedName} {{1}}.";
        string Sentence(string one, string two) => string.Format(CultureInfo.InvariantCulture, names, Clean(one), Clean(two));
        return htu.Scheme != request.Scheme
            ? ($"The scheme differs: {Sentence(htu.Scheme, request.Scheme)}", SchemeAdvice(htu, request))
            : htu.IdnHost != request.IdnHost
            ? ($"The host differs: {Sentence(htu.IdnHost, request.IdnHost)}", "Sign the host name that the client calls. If a proxy changes it, tell the server its public address.")
            : htu.Port != request.Port
            ? ($"The port differs: {Sentence(Number(htu.Port), Number(request.Port))}", "Only the default port (443 for https, 80 for http) may be left out. A proxy that listens on another port must tell the server.")
            : DescribePath(htu.AbsolutePath, request.AbsolutePath, claimedName, expectedName);
    }

    private static string SchemeAdvice(Uri htu, Uri request) => htu.Scheme == Uri.UriSchemeHttps && request.Scheme == Uri.UriSchemeHttp
        ? "This is typical of a proxy that ends TLS: the server must know that it is called as https (its public address, or X-Forwarded-Proto of a proxy that it trusts)."
        : "Sign the URL with the scheme that the client calls.";

    private static (string Finding, string Advice) DescribePath(string claimed, string expected, string claimedName, string expectedName)
    {
        if (claimed.TrimEnd('/') == expected.TrimEnd('/'))
        {
            return claimed.Length > expected.Length
                ? ($"{Upper(claimedName)} ends in a slash, {expectedName} doesn't.", "Sign the path exactly as it is sent.")
                : ($"{Upper(expectedName)} ends in a slash, {claimedName} doesn't.", "Sign the path exactly as it is sent.");
        }

        if (claimed.Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            return ($"The paths differ in case only, {FirstDifference(claimed, expected)}.", "Paths are compared with case. Sign the path exactly as it is sent.");
        }

        if (Uri.UnescapeDataString(claimed) == Uri.UnescapeDataString(expected))
        {
            return ($"The paths are percent-encoded in different ways, {FirstDifference(claimed, expected)}.", "Sign the path as it goes over the wire; don't decode it or encode it again. An encoded slash (%2F) isn't a slash.");
        }

        if (Uri.UnescapeDataString(Uri.UnescapeDataString(claimed)) == Uri.UnescapeDataString(Uri.UnescapeDataString(expected)))
        {
            return ($"One of the paths is percent-encoded twice, {FirstDifference(claimed, expected)}.", "Sign the path as it goes over the wire; don't encode it again.");
        }

        if (claimed.EndsWith(expected, StringComparison.Ordinal))
        {
            return ($"{Upper(claimedName)} has '{Clean(claimed[..^expected.Length])}' before the path, {expectedName} doesn't.",
                "A gateway takes the beginning of the path away. Tell the server its public address with that beginning.");
        }

        return expected.EndsWith(claimed, StringComparison.Ordinal)
            ? ($"{Upper(expectedName)} has '{Clean(expected[..^claimed.Length])}' before the path, {claimedName} doesn't.",
                "Sign the whole path that the client calls, not the part after a base address.")
            : claimed.Contains('{') || claimed.Contains("%7B", StringComparison.OrdinalIgnoreCase)
            ? ($"{Upper(claimedName)} has the template of the path, {FirstDifference(claimed, expected)}.", "Sign the path after its parameters are filled in.")
            : ($"The paths differ, {FirstDifference(claimed, expected)}.", "Sign the path of this very request. Make a new proof for each request and for each redirect.");
    }

    private static string FirstDifference(string claimed, string expected)
    {
        int index = claimed.AsSpan().CommonPrefixLength(expected);
        string At(string text) => index < text.Length ? $"'{text[index]}'" : "its end";
        return $"first at character {Number(index + 1)} of the path: {At(claimed)} and {At(expected)}";
    }

    private static bool TryParse(string url, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(url, UriKind.Absolute, out uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static string Clean(string text) => Printable.Clean(WithoutQuery(text), 200);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Upper(string text) => text == "htu" ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
