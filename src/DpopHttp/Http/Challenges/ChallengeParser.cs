using System.Text;

namespace DpopHttp.Http.Challenges;

/// <summary>
/// Reads the challenges of one WWW-Authenticate line (RFC 9110 section 11.6.1): a scheme, then parameters as name and token or quoted-string, separated by
/// commas, as schemes are too. Servers forget to escape quotation marks: one that neither a comma, nor the end, nor another parameter follows is
/// taken for a part of the text.
/// </summary>
internal ref struct ChallengeParser
{
    private ReadOnlySpan<char> _rest;

    private ChallengeParser(ReadOnlySpan<char> line) => _rest = line;

    /// <summary>Adds what is well-formed; a fault ends the parameters of its challenge. The first of a repeated name counts.</summary>
    public static void Parse(ReadOnlySpan<char> line, List<AuthenticationChallenge> challenges) => new ChallengeParser(line).ParseAll(challenges);

    private void ParseAll(List<AuthenticationChallenge> challenges)
    {
        Dictionary<string, string>? parameters = null;
        while (true)
        {
            _rest = _rest.TrimStart(" \t,");
            ReadOnlySpan<char> name = ReadToken();
            if (name.IsEmpty)
            {
                return;
            }

            if (!TrySkipEquals())
            {
                // Only a parameter is followed by its value: this is the next scheme.
                parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                challenges.Add(new AuthenticationChallenge(name.ToString(), parameters));
            }
            else if (TryReadValue(out string value))
            {
                parameters?.TryAdd(name.ToString(), value);
            }
            else
            {
                return;
            }
        }
    }

    private ReadOnlySpan<char> ReadToken()
    {
        int end = _rest.IndexOfAny(" \t,=\"");
        ReadOnlySpan<char> token = end < 0 ? _rest : _rest[..end];
        _rest = _rest[token.Length..];
        return token;
    }

    private bool TrySkipEquals()
    {
        ReadOnlySpan<char> after = _rest.TrimStart(" \t");
        if (!after.StartsWith('='))
        {
            return false;
        }

        _rest = after[1..].TrimStart(" \t");
        return true;
    }

    private bool TryReadValue(out string value)
    {
        if (_rest.StartsWith('"'))
        {
            return TryReadQuoted(out value);
        }

        value = ReadToken().ToString();
        return value.Length > 0 && !_rest.StartsWith('"');
    }

    private bool TryReadQuoted(out string value)
    {
        StringBuilder text = new();
        for (int i = 1; i < _rest.Length; i++)
        {
            if (_rest[i] == '"' && ClosesValue(_rest[(i + 1)..]))
            {
                value = text.ToString();
                _rest = _rest[(i + 1)..];
                return true;
            }

            // A quoted-pair stands for its second character.
            if (_rest[i] == '\\' && ++i == _rest.Length)
            {
                break;
            }

            text.Append(_rest[i]);
        }

        value = "";
        return false;
    }

    private static bool ClosesValue(ReadOnlySpan<char> after)
    {
        ReadOnlySpan<char> next = after.TrimStart(" \t");
        if (next.IsEmpty || next[0] == ',')
        {
            return true;
        }

        ChallengeParser parameter = new(next);
        return next.Length < after.Length && !parameter.ReadToken().IsEmpty && parameter.TrySkipEquals();
    }
}
