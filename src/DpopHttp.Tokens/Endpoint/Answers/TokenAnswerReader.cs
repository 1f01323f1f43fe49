using System.Globalization;
using System.Net;
using System.Text.Json;
using DpopHttp.Shared;

namespace DpopHttp.Tokens.Endpoint.Answers;

/// <summary>Reads what a token endpoint answered. Nothing that a server can send makes it throw.</summary>
internal static class TokenAnswerReader
{
    /// <summary>A time that can be added to every clock.</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    /// <summary>A server cannot ask for more: it may be back long before.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    public static TokenAnswer Read(HttpResponseMessage response, byte[] body, DateTimeOffset now)
    {
        TokenAnswer answer = new(response.StatusCode) { RetryAfter = ReadRetryAfter(response, now) };
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } members
                ? Read(answer, members)
                : answer with { Fault = "it isn't a JSON object" };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return answer with { Fault = "it isn't JSON" };
        }
    }

    private static TokenAnswer Read(TokenAnswer answer, JsonElement members)
    {
        List<string> faults = [];
        answer = answer with
        {
            Error = ServerText.Clean(Text(members, "error", [])),
            ErrorDescription = ServerText.Clean(Text(members, "error_description", [])),
            AccessToken = Text(members, "access_token", faults),
            TokenType = ServerText.Clean(Text(members, "token_type", faults)),
            RefreshToken = Text(members, "refresh_token", faults),
            Lifetime = ReadLifetime(members),
        };
        return answer.Status == HttpStatusCode.OK && faults.Count > 0 ? answer with { Fault = string.Join(", ", faults) } : answer;
    }

    private static string? Text(JsonElement members, string name, List<string> faults)
    {
        try
        {
            if (!members.TryGetProperty(name, out JsonElement member) || member.ValueKind == JsonValueKind.Null)
            {
                return null;
            }

            if (member.ValueKind == JsonValueKind.String)
            {
                return member.GetString();
            }
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that aren't UTF-8.
        }

        faults.Add($"its {name} isn't a text");
        return null;
    }

    /// <summary>Some servers write the seconds as a text.</summary>
    private static TimeSpan? ReadLifetime(JsonElement members)
    {
        double seconds = 0;
        bool isKnown = members.TryGetProperty("expires_in", out JsonElement member) && member.ValueKind switch
        {
            JsonValueKind.Number => member.TryGetDouble(out seconds),
            JsonValueKind.String => double.TryParse(Text(members, "expires_in", []), NumberStyles.Float, CultureInfo.InvariantCulture, out seconds),
            _ => false,
        };
        return isKnown && seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, LongestLifetime.TotalSeconds)) : null;
    }

    private static TimeSpan? ReadRetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        TimeSpan? asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => null,
        };
        return asked is { } wait && wait > TimeSpan.Zero ? (wait < LongestRetryAfter ? wait : LongestRetryAfter) : null;
    }
}
