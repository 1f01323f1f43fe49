using System.Globalization;
using System.Net;
using System.Text.Json;
using DpopHttp.OpenIdConnect.Errors;
using DpopHttp.Shared;

namespace DpopHttp.OpenIdConnect.Endpoint;

/// <summary>Reads the answer to a renewal. Nothing that a server can send makes it throw.</summary>
internal static class RenewalAnswerReader
{
    /// <summary>A server that doesn't say how long (RFC 6749 section 5.1) says so with a 401.</summary>
    private static readonly TimeSpan AssumedLifetime = TimeSpan.FromMinutes(5), LongestLifetime = TimeSpan.FromDays(365);

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(1);

    public static RenewalAnswer Read(string scheme, HttpResponseMessage response, byte[] body, DpopKey key, DateTimeOffset asked, DateTimeOffset now)
    {
        if (response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError)
        {
            return new RenewalAnswer { Fault = $"the token endpoint answered with status {(int)response.StatusCode}", RetryAfter = ReadRetryAfter(response, now) };
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(scheme, response.StatusCode, MembersOf(document.RootElement), key, asked)
                : Unusable(response, "isn't a JSON object");
        }
        catch (JsonException)
        {
            return Unusable(response, "isn't JSON");
        }
    }

    public static TimeSpan ReadLifetime(string? expiresIn) =>
        double.TryParse(expiresIn, CultureInfo.InvariantCulture, out double seconds) && seconds > 0
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongestLifetime.TotalSeconds))
            : AssumedLifetime;

    /// <summary>Why the token isn't bound to the key, or null if it is. One of another type would be a silent downgrade (RFC 9449 section 5).</summary>
    public static DpopTokenException? FindOtherBinding(string scheme, string accessToken, string? tokenType, DpopKey key)
    {
        if (!string.Equals(tokenType, "DPoP", StringComparison.OrdinalIgnoreCase))
        {
            return SessionErrors.NotBound(scheme, ServerText.Clean(tokenType));
        }

        return JwtConfirmation.ReadThumbprint(accessToken) is { } bound && bound != key.Thumbprint ? SessionErrors.BoundToOtherKey(scheme, key.Thumbprint) : null;
    }

    private static RenewalAnswer Read(string scheme, HttpStatusCode status, Dictionary<string, JsonElement> members, DpopKey key, DateTimeOffset asked)
    {
        if (status != HttpStatusCode.OK)
        {
            return Text(members, "error") is { Length: > 0 } error
                ? new RenewalAnswer { Error = ServerText.Clean(error), ErrorDescription = ServerText.Clean(Text(members, "error_description")) }
                : new RenewalAnswer { Fault = $"the token endpoint answered with status {(int)status} and without an error" };
        }

        RenewalAnswer answer = new() { RefreshToken = Text(members, "refresh_token") is { Length: > 0 } next ? next : null };
        if (Text(members, "access_token") is not { Length: > 0 } token || token.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return answer with { Fault = "the token endpoint's answer has no access_token that a header can have (RFC 6750 section 2.1)" };
        }

        if (FindOtherBinding(scheme, token, Text(members, "token_type"), key) is { } other)
        {
            return answer with { NotBound = other };
        }

        return answer with
        {
            AccessToken = token,
            IdToken = Text(members, "id_token"),
            ObtainedAt = asked,
            ExpiresAt = asked + ReadLifetime(members.TryGetValue("expires_in", out JsonElement seconds) ? TextOf(seconds) : null),
        };
    }

    private static RenewalAnswer Unusable(HttpResponseMessage response, string fault) =>
        new() { Fault = $"the token endpoint's answer with status {(int)response.StatusCode} {fault}" };

    private static Dictionary<string, JsonElement> MembersOf(JsonElement answer)
    {
        Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        foreach (JsonProperty member in answer.EnumerateObject())
        {
            if (TryRead(() => member.Name) is { } name)
            {
                members[name] = member.Value;
            }
        }

        return members;
    }

    private static string? Text(Dictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? TextOf(member) : null;

    private static string? TextOf(JsonElement member) => TryRead(member.ToString);

    private static string? TryRead(Func<string?> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that aren't UTF-8: that spoils no other member.
            return null;
        }
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
