using System.CommandLine;
using System.Globalization;
using DpopHttp.Tool.Explain.Checks;
using DpopHttp.Tool.Explain.Requests;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Explain;

/// <summary>What the proof is compared with. What is given here counts before what a recording has.</summary>
internal sealed class FactOptions
{
    private readonly TokenOptions _token = new();
    private readonly Option<string?> _method = new("--method", "-X") { Description = "The method of the request.", HelpName = "METHOD" };
    private readonly Option<string?> _url = new("--url", "-u") { Description = "The URL that the client called.", HelpName = "URL" };

    private readonly Option<string?> _seenUrl = new("--seen-url")
    {
        Description = "The URL as the server saw it, after the proxies between the two. htu is compared with this one then.",
        HelpName = "URL",
    };

    private readonly Option<string?> _nonce = new("--nonce", "-n") { Description = "The nonce that the server demands.", HelpName = "NONCE" };

    private readonly Option<string?> _jkt = new("--jkt")
    {
        Description = "The thumbprint that the token is bound to, for a token that can't be read. Default: cnf.jkt of the token.",
        HelpName = "THUMBPRINT",
    };

    private readonly Option<string?> _at = new("--at")
    {
        Description = "The moment to judge the proof at: a time with its zone, seconds since 1970, or 'iat' for when the proof says it was made. Default: when the recording was made, or now.",
        HelpName = "TIME",
    };

    private readonly Option<int> _maxAge = new("--max-age") { Description = "How many seconds old a proof may be.", HelpName = "SECONDS", DefaultValueFactory = _ => 60 };
    private readonly Option<int> _skew = new("--skew") { Description = "How many seconds ahead it may be.", HelpName = "SECONDS", DefaultValueFactory = _ => 5 };

    private string? _givenToken;
    private bool _isTokenRead;

    public void AddTo(Command command)
    {
        command.Options.Add(_method);
        command.Options.Add(_url);
        command.Options.Add(_seenUrl);
        _token.AddTo(command);
        command.Options.Add(_jkt);
        command.Options.Add(_nonce);
        command.Options.Add(_at);
        command.Options.Add(_maxAge);
        command.Options.Add(_skew);
    }

    /// <exception cref="ToolException">An option has no value that makes sense.</exception>
    public async Task<ExplainQuestion> CompleteAsync(
        ParseResult arguments, ToolConsole console, ObservedRequest request, CancellationToken cancellationToken)
    {
        if (!_isTokenRead)
        {
            _givenToken = await _token.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false);
            _isTokenRead = true;
        }

        (string? scheme, string? token) = SchemeAndToken(_givenToken ?? request.Authorization, isHeader: _givenToken is null);
        return new ExplainQuestion
        {
            Proofs = request.Proofs,
            Method = arguments.GetValue(_method) is { Length: > 0 } method ? method : request.Method,
            Url = arguments.GetValue(_url) is { } url ? HttpUrl.Parse(url, "--url").OriginalString : request.Url,
            SeenUrl = arguments.GetValue(_seenUrl) is { } seen ? HttpUrl.Parse(seen, "--seen-url").OriginalString : null,
            Token = token,
            Scheme = scheme,
            BoundThumbprint = arguments.GetValue(_jkt),
            Nonce = arguments.GetValue(_nonce),
            Time = TimeOf(arguments.GetValue(_at), request, console.TimeProvider),
            MaxAge = TimeSpan.FromSeconds(NotNegative(arguments.GetValue(_maxAge), "--max-age")),
            Skew = TimeSpan.FromSeconds(NotNegative(arguments.GetValue(_skew), "--skew")),
            Status = request.Status,
            NonceGiven = request.NonceGiven,
        };
    }

    /// <summary>A token that was pasted with the scheme before it is taken without.</summary>
    private static (string? Scheme, string? Token) SchemeAndToken(string? text, bool isHeader)
    {
        string[] words = (text ?? "").Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [var scheme, var token] when scheme.ToUpperInvariant() is "DPOP" or "BEARER" => (scheme, token),
            [var token] when !isHeader => (null, token),
            _ => (null, null),
        };
    }

    private static DateTimeOffset TimeOf(string? text, ObservedRequest request, TimeProvider timeProvider)
    {
        if (text is null)
        {
            return request.Time ?? timeProvider.GetUtcNow();
        }

        if (text == "iat")
        {
            return request.Proofs.Count > 0
                && ProofText.Read(request.Proofs[0]).Claims.TryGetProperty("iat", out System.Text.Json.JsonElement iat)
                && iat.ValueKind == System.Text.Json.JsonValueKind.Number && iat.TryGetDouble(out double seconds) && seconds is > 0 and < 253402300799
                    ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
                    : throw new ToolException("--at iat: the proof has no iat in seconds since 1970.");
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long unix) && unix < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds(unix)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time
            : throw new ToolException($"--at '{Printable.Clean(text, 40)}' is neither a time such as 2026-01-31T12:00:00Z, nor seconds since 1970, nor 'iat'.");
    }

    private static int NotNegative(int value, string option) =>
        value >= 0 ? value : throw new ToolException($"{option} {value} is negative. Give a number of seconds.");
}
