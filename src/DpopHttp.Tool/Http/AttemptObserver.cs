using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using DpopHttp.Tool.Output;
using Spectre.Console;

namespace DpopHttp.Tool.Http;

/// <summary>Shows each attempt on the wire on standard error: what went out, what came back, and why it goes out once more. Secrets are shortened.</summary>
internal sealed class AttemptObserver(ToolConsole console, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly HashSet<string> Secrets = new(StringComparer.OrdinalIgnoreCase) { "Cookie", "Set-Cookie", "Proxy-Authorization", "X-Api-Key", "Api-Key", "DPoP-Nonce" };

    private static readonly Style Sent = new(Color.Aqua);
    private static readonly Style Received = new(Color.Green);
    private static readonly Style Remark = new(Color.Yellow);

    private int _attempts;
    private string? _expected;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        int attempt = ++_attempts;
        if (attempt > 1)
        {
            Write("*", $"Attempt {attempt.ToString(CultureInfo.InvariantCulture)}: {_expected ?? "once more"}.", Remark);
        }

        WriteRequest(request);
        long began = Stopwatch.GetTimestamp();
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        WriteResponse(response, Stopwatch.GetElapsedTime(began));
        _expected = ReasonToRepeat(response);
        return response;
    }

    private void WriteRequest(HttpRequestMessage request)
    {
        Write(">", $"{request.Method} {request.RequestUri} HTTP/{request.Version}", Sent);
        foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
        {
            foreach (string value in values)
            {
                Write(">", $"{name}: {ValueToShow(name, value)}", Sent);
            }
        }

        foreach ((string name, HeaderStringValues values) in request.Content?.Headers.NonValidated ?? default)
        {
            Write(">", $"{name}: {values}", Sent);
        }
    }

    private void WriteResponse(HttpResponseMessage response, TimeSpan took)
    {
        Write("<", $"HTTP/{response.Version} {(int)response.StatusCode} {response.ReasonPhrase} ({took.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)} ms)", Received);
        foreach ((string name, HeaderStringValues values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            foreach (string value in values)
            {
                Write("<", $"{name}: {ValueToShow(name, value)}", Received);
            }
        }
    }

    private static string ValueToShow(string name, string value)
    {
        if (name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
        {
            string[] words = value.Split(' ', 2);
            return words.Length == 2 ? $"{words[0]} {Secret.Shorten(words[1])}" : Secret.Shorten(value);
        }

        return name.Equals("DPoP", StringComparison.OrdinalIgnoreCase) ? Describe(value) : Secrets.Contains(name) ? Secret.Shorten(value) : value;
    }

    /// <summary>What the proof says, since the proof itself says nothing to a reader.</summary>
    private static string Describe(string proof)
    {
        string[] parts = proof.Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return Secret.Shorten(proof);
        }

        using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        return string.Join(' ', claims.RootElement.EnumerateObject().Where(claim => claim.Name is "htm" or "htu" or "iat" or "nonce" or "ath").Select(claim =>
            $"{claim.Name}={(claim.Name is "nonce" or "ath" ? Secret.Shorten(claim.Value.ToString()) : claim.Value.ToString())}"));
    }

    private static string? ReasonToRepeat(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        return status switch
        {
            >= 300 and < 400 => "the server redirects",
            400 or 401 when response.Headers.Contains("DPoP-Nonce") => "with the nonce that the server gave",
            401 when response.GetDpopChallenge()?.Error == "invalid_token" => "with a renewed token",
            400 or 401 => "by the server's clock",
            417 => "without Expect",
            _ => null,
        };
    }

    private void Write(string mark, string text, Style style)
    {
        console.AnsiError.Write(new Text(mark + " ", style));
        console.AnsiError.WriteLine(Printable.Clean(text, 2000));
    }
}
