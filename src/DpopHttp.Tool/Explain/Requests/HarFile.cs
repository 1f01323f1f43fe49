using System.Globalization;
using System.Text.Json;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Explain.Requests;

/// <summary>Reads the requests out of a recording of a browser or a proxy (HTTP Archive 1.2).</summary>
internal static class HarFile
{
    /// <summary>The requests that have a DPoP header.</summary>
    /// <exception cref="ToolException">It isn't such a file, or no request has one.</exception>
    public static IReadOnlyList<ObservedRequest> Read(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement[] entries = [.. document.RootElement.GetProperty("log").GetProperty("entries").EnumerateArray()];
            ObservedRequest[] requests = [.. entries.Select(ReadEntry).Where(request => request.Proofs.Count > 0)];
            return requests.Length > 0
                ? requests
                : throw new ToolException(
                    $"None of the {entries.Length} requests in the recording has a DPoP header. Some browsers leave headers with secrets out unless asked to export them.");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ToolException("The text isn't a recording in the HAR format: JSON with log.entries.", exception);
        }
    }

    private static ObservedRequest ReadEntry(JsonElement entry)
    {
        JsonElement request = entry.GetProperty("request");
        HeaderLines sent = HeadersOf(request);
        bool hasAnswer = entry.TryGetProperty("response", out JsonElement response);
        return new ObservedRequest
        {
            Proofs = sent.All("DPoP"),
            Authorization = sent.First("Authorization"),
            Method = request.GetProperty("method").GetString(),
            Url = request.GetProperty("url").GetString(),
            Time = TimeOf(entry),
            Status = hasAnswer && response.TryGetProperty("status", out JsonElement status) && status.TryGetInt32(out int code) ? code : null,
            NonceGiven = hasAnswer ? HeadersOf(response).First("DPoP-Nonce") : null,
        };
    }

    private static HeaderLines HeadersOf(JsonElement message)
    {
        HeaderLines headers = new();
        if (message.TryGetProperty("headers", out JsonElement fields))
        {
            foreach (JsonElement field in fields.EnumerateArray())
            {
                headers.Add(field.GetProperty("name").GetString() ?? "", field.GetProperty("value").GetString() ?? "");
            }
        }

        return headers;
    }

    private static DateTimeOffset? TimeOf(JsonElement entry) =>
        entry.TryGetProperty("startedDateTime", out JsonElement started)
        && DateTimeOffset.TryParse(started.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : null;
}
