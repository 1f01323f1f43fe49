namespace DpopHttp.Keys;

/// <summary>Says what a text looks like that isn't the key that was asked for. It is never quoted: it may be a key all the same.</summary>
internal static class KeyText
{
    private const int LongestPath = 4096;

    /// <summary>What a text looks like that was given for PEM, and what to do; null if it looks like nothing known.</summary>
    public static string? DescribeInPlaceOfPem(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text switch
        {
            ['{', ..] => "The text looks like JSON and not like PEM: a JWK is read by DpopKey.FromJwk.",
            _ when text.Contains("-----BEGIN OPENSSH PRIVATE KEY-----", StringComparison.Ordinal)
                => "The key is in OpenSSH's own format: convert it with 'ssh-keygen -p -m PKCS8'.",
            _ when text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) => null,
            _ when text.Contains("-----BEGIN PUBLIC KEY-----", StringComparison.Ordinal) || text.Contains("-----BEGIN RSA PUBLIC KEY-----", StringComparison.Ordinal)
                => "The PEM has a public key only: give the private key.",
            _ when text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal)
                => "The PEM has a certificate only: give its private key.",
            _ when !text.Contains("-----BEGIN ", StringComparison.Ordinal)
                => DescribeOther(text) ?? "The text has no whole private key: PEM begins with -----BEGIN, and a JWK with a brace.",
            _ => DescribeOther(text),
        };
    }

    /// <summary>What a text looks like that was given for a JWK, and what to do; null if it looks like nothing known.</summary>
    public static string? DescribeInPlaceOfJwk(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.Contains("-----BEGIN ", StringComparison.Ordinal)
            ? "The text looks like PEM and not like a JWK: it is read by DpopKey.FromPem."
            : DescribeOther(text);
    }

    private static string? DescribeOther(ReadOnlySpan<char> text) => text switch
    {
        ['<', ..] => "The text looks like HTML or XML, such as an error page: look at where it comes from.",
        _ when IsPath(text) => "The text looks like the path of a file: give the file's content, as File.ReadAllText returns it.",
        _ => null,
    };

    private static bool IsPath(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestPath || text.IndexOfAny("\r\n{\"") >= 0 || text.Contains("-----", StringComparison.Ordinal))
        {
            return false;
        }

        ReadOnlySpan<char> extension = Path.GetExtension(text);
        return text[0] is '/' or '~' || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal)
            || text.Contains('\\') || extension is ".pem" or ".key" or ".jwk" or ".json" or ".txt" or ".p8" or ".pk8";
    }
}
