using System.Globalization;

namespace DpopHttp.Tool.Explain.Requests;

/// <summary>Reads the requests out of what 'curl -v' prints.</summary>
internal static class CurlTranscript
{
    /// <summary>Whether the text is one: a request line after "> ".</summary>
    public static bool IsOne(string text) => Lines(text).Any(IsRequestLine);

    public static IReadOnlyList<ObservedRequest> Read(string text)
    {
        List<ObservedRequest> requests = [];
        string[] lines = [.. Lines(text)];
        bool isTls = false;
        for (int i = 0; i < lines.Length; i++)
        {
            isTls |= lines[i].StartsWith("* SSL connection", StringComparison.OrdinalIgnoreCase);
            if (IsRequestLine(lines[i]))
            {
                int end = Array.FindIndex(lines, i + 1, IsRequestLine);
                requests.Add(ReadOne(lines[i..(end < 0 ? lines.Length : end)], isTls));
            }
        }

        return requests;
    }

    private static ObservedRequest ReadOne(string[] lines, bool isTls)
    {
        HeaderLines sent = new(), received = new();
        int? status = null;
        foreach (string line in lines.Skip(1))
        {
            if (line.StartsWith("> ", StringComparison.Ordinal))
            {
                sent.AddLine(line[2..]);
            }
            else if (line.StartsWith("< HTTP/", StringComparison.Ordinal))
            {
                status = int.TryParse(line.Split(' ').ElementAtOrDefault(2), NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : null;
            }
            else if (line.StartsWith("< ", StringComparison.Ordinal))
            {
                received.AddLine(line[2..]);
            }
        }

        string[] request = lines[0][2..].Split(' ');
        return new ObservedRequest
        {
            Proofs = sent.All("DPoP"),
            Authorization = sent.First("Authorization"),
            Method = request[0],
            Url = UrlOf(request[1], sent.First("Host"), isTls),
            Status = status,
            NonceGiven = received.First("DPoP-Nonce"),
            Time = DateTimeOffset.TryParse(received.First("Date"), CultureInfo.InvariantCulture, out DateTimeOffset time) ? time : null,
        };
    }

    private static string? UrlOf(string target, string? host, bool isTls) =>
        target.StartsWith('/') ? host is null ? null : $"{(isTls ? "https" : "http")}://{host}{target}" : target;

    private static bool IsRequestLine(string line) =>
        line.StartsWith("> ", StringComparison.Ordinal) && line.Split(' ') is [_, _, _, var version] && version.StartsWith("HTTP/", StringComparison.Ordinal);

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.TrimEnd('\r', ' '));
}
