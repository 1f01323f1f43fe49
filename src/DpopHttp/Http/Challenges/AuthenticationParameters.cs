using System.Text;

namespace DpopHttp.Http.Challenges;

/// <summary>Reads the auth-params of one challenge (RFC 9110 section 11.2): names ignoring case, values as token or quoted-string.</summary>
internal static class AuthenticationParameters
{
    /// <summary>What is well-formed up to the first fault; the first of a repeated name counts.</summary>
    public static Dictionary<string, string> Parse(string? text)
    {
        Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);
        ReadOnlySpan<char> rest = text;
        while (TryReadName(ref rest, out string name) && TryReadValue(ref rest, out string value))
        {
            parameters.TryAdd(name, value);
        }

        return parameters;
    }

    private static bool TryReadName(ref ReadOnlySpan<char> rest, out string name)
    {
        rest = rest.TrimStart(" \t,");
        int equals = rest.IndexOf('=');
        name = equals < 0 ? "" : rest[..equals].TrimEnd(" \t").ToString();
        rest = equals < 0 ? [] : rest[(equals + 1)..].TrimStart(" \t");
        return name.Length > 0 && !name.AsSpan().ContainsAny(" \t\",");
    }

    private static bool TryReadValue(ref ReadOnlySpan<char> rest, out string value) =>
        rest.StartsWith('"') ? TryReadQuoted(ref rest, out value) : TryReadToken(ref rest, out value);

    private static bool TryReadToken(ref ReadOnlySpan<char> rest, out string value)
    {
        int end = rest.IndexOfAny(" \t,");
        value = (end < 0 ? rest : rest[..end]).ToString();
        rest = end < 0 ? [] : rest[end..];
        return value.Length > 0 && !value.Contains('"', StringComparison.Ordinal);
    }

    private static bool TryReadQuoted(ref ReadOnlySpan<char> rest, out string value)
    {
        StringBuilder text = new();
        for (int i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                value = text.ToString();
                rest = rest[(i + 1)..];
                return true;
            }

            // A quoted-pair stands for its second character.
            if (rest[i] == '\\' && ++i == rest.Length)
            {
                break;
            }

            text.Append(rest[i]);
        }

        value = "";
        return false;
    }
}
