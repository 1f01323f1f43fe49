using System.Buffers;
using System.Globalization;
using System.Text;

namespace DpopHttp.Verification;

/// <summary>
/// An absolute URI without query and fragment after syntax- and scheme-based normalization (RFC 3986 sections 6.2.2 and 6.2.3).
/// Written out because <see cref="Uri"/> repairs what must be refused here.
/// </summary>
internal static class NormalizedUri
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static readonly SearchValues<char> UnreservedCharacters = SearchValues.Create(Unreserved);
    private static readonly SearchValues<char> UriCharacters = SearchValues.Create(Unreserved + ":/?#[]@!$&'()*+,;=%");
    private static readonly SearchValues<char> PlainHostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._~");
    private static readonly SearchValues<char> SchemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    /// <summary>A URI from the parts that go over the wire.</summary>
    public static string WireTextOf(Uri uri)
    {
        // IdnHost has no brackets around an IPv6 address.
        string host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        string port = uri.IsDefaultPort ? "" : string.Create(CultureInfo.InvariantCulture, $":{uri.Port}");
        return $"{uri.Scheme}://{host}{port}{uri.AbsolutePath}";
    }

    /// <summary>The normalized text, or null if it isn't an absolute URI with a host and without user information.</summary>
    public static string? From(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(UriCharacters))
        {
            return null;
        }

        if (IsNormal(text))
        {
            return text;
        }

        int end = text.AsSpan().IndexOfAny('?', '#');
        string rest = end < 0 ? text : text[..end];
        int colon = rest.IndexOf("://", StringComparison.Ordinal);
        if (colon < 1 || !char.IsAsciiLetter(rest[0]) || rest.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters))
        {
            return null;
        }

        string scheme = rest[..colon].ToLowerInvariant();
        rest = rest[(colon + 3)..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string? authority = Authority(scheme, slash < 0 ? rest : rest[..slash]);
        string? path = NormalizeEscapes(slash < 0 ? "/" : rest[slash..]);
        return authority is null || path is null ? null : $"{scheme}://{authority}{RemoveDotSegments(path)}";
    }

    // Nearly all are: a scheme and a plain host in lower case, and a path without escapes and dot segments.
    private static bool IsNormal(string text)
    {
        int start = text.StartsWith("https://", StringComparison.Ordinal) ? 8 : text.StartsWith("http://", StringComparison.Ordinal) ? 7 : 0;
        int slash = start == 0 ? -1 : text.IndexOf('/', start);
        return slash > start
            && !text.AsSpan(start, slash - start).ContainsAnyExcept(PlainHostCharacters)
            && !text.AsSpan(slash).ContainsAny('%', '?', '#')
            && !text.AsSpan(slash).Contains("/.", StringComparison.Ordinal);
    }

    private static string? Authority(string scheme, string authority)
    {
        int hostEnd = authority.StartsWith('[')
            ? authority.IndexOf(']', StringComparison.Ordinal) + 1
            : authority.IndexOf(':', StringComparison.Ordinal);
        if (hostEnd < 0)
        {
            hostEnd = authority.Length;
        }

        string? host = NormalizeEscapes(authority[..hostEnd]);
        string port = authority[hostEnd..];
        if (string.IsNullOrEmpty(host) || authority.Contains('@', StringComparison.Ordinal) || (port.Length > 0 && port[0] != ':'))
        {
            return null;
        }

        host = host.ToLowerInvariant();
        if (port.Length <= 1)
        {
            return host;
        }

        if (!ushort.TryParse(port.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort number))
        {
            return null;
        }

        bool isDefault = (scheme, number) is ("https", 443) or ("http", 80);
        return isDefault ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{number}");
    }

    private static string? NormalizeEscapes(string text)
    {
        StringBuilder normalized = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                normalized.Append(text[i]);
                continue;
            }

            if (i + 2 >= text.Length
                || !byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                return null;
            }

            if (UnreservedCharacters.Contains((char)value))
            {
                normalized.Append((char)value);
            }
            else
            {
                normalized.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            }

            i += 2;
        }

        return normalized.ToString();
    }

    private static string RemoveDotSegments(string path)
    {
        string[] segments = path[1..].Split('/');
        List<string> kept = [];
        for (int i = 0; i < segments.Length; i++)
        {
            bool isDots = segments[i] is "." or "..";
            if (segments[i] == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }

            if (!isDots)
            {
                kept.Add(segments[i]);
            }
            else if (i == segments.Length - 1)
            {
                kept.Add("");
            }
        }

        return "/" + string.Join('/', kept);
    }
}
