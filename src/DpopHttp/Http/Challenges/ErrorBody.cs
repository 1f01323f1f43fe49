using System.Net.Http.Headers;
using System.Text.Json;

namespace DpopHttp.Http.Challenges;

/// <summary>Reads "error" from an authorization server's JSON answer (RFC 6749 section 5.2) and leaves the body to the caller.</summary>
internal static class ErrorBody
{
    /// <summary>An error answer is a few hundred bytes; what is longer is none.</summary>
    private const int MaximumSize = 16 * 1024;

    public static async ValueTask<string?> ReadErrorAsync(HttpResponseMessage response, bool async, CancellationToken cancellationToken)
    {
        if (!IsJson(response.Content.Headers.ContentType) || response.Content.Headers.ContentLength > MaximumSize)
        {
            return null;
        }

        Stream body = async
            ? await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false)
            : response.Content.ReadAsStream(cancellationToken);
        byte[] peeked = new byte[MaximumSize];
        int length;
        try
        {
            length = async
                ? await body.ReadAtLeastAsync(peeked, MaximumSize, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)
                : Read(body, peeked, cancellationToken);
        }
        catch (IOException exception)
        {
            // What a caller without the handler gets when the body breaks off.
            throw new HttpRequestException("The connection failed while the error response was read.", exception);
        }

        response.Content = new PeekedContent(response.Content, peeked.AsMemory(0, length), body);
        return FindError(peeked.AsSpan(0, length));
    }

    private static int Read(Stream body, byte[] peeked, CancellationToken cancellationToken)
    {
        // A synchronous read takes no token: closing the stream ends it.
        using CancellationTokenRegistration _ = cancellationToken.UnsafeRegister(static s => ((Stream)s!).Dispose(), body);
        try
        {
            return body.ReadAtLeast(peeked, MaximumSize, throwOnEndOfStream: false);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private static bool IsJson(MediaTypeHeaderValue? type) =>
        type?.MediaType is { } name
        && (name.Equals("application/json", StringComparison.OrdinalIgnoreCase) || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    private static string? FindError(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            return JsonElement.TryParseValue(ref reader, out JsonElement? body)
                && body is { ValueKind: JsonValueKind.Object } members
                && members.TryGetProperty("error", out JsonElement error)
                && error.ValueKind == JsonValueKind.String
                    ? error.GetString()
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
