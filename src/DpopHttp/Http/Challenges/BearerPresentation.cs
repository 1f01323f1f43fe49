using System.Net.Http.Headers;
using DpopHttp.Http.Requests;

namespace DpopHttp.Http.Challenges;

/// <summary>Shows a caller who only knows Bearer what the wire says of DPoP.</summary>
internal static class BearerPresentation
{
    /// <summary>Token answers have a few kilobytes. A longer answer to a form is handed on as it is.</summary>
    private const int MaximumSize = 256 * 1024;

    /// <summary>Challenges of the scheme DPoP become challenges of the scheme Bearer, with the same parameters.</summary>
    public static void ShowChallenges(HttpResponseMessage response)
    {
        HttpHeaderValueCollection<AuthenticationHeaderValue> challenges = response.Headers.WwwAuthenticate;
        if (!challenges.Any(challenge => DpopScheme.Is(challenge.Scheme)))
        {
            return;
        }

        AuthenticationHeaderValue[] shown = [.. challenges.Select(
            challenge => DpopScheme.Is(challenge.Scheme) ? new AuthenticationHeaderValue(DpopScheme.Bearer, challenge.Parameter) : challenge)];
        challenges.Clear();
        foreach (AuthenticationHeaderValue challenge in shown)
        {
            challenges.Add(challenge);
        }
    }

    /// <summary>Whether the response may be a token answer: a token request is a form (RFC 6749 section 4), and its answer is JSON.</summary>
    public static bool MayBeTokenAnswer(HttpRequestMessage request, HttpResponseMessage response) =>
        response.IsSuccessStatusCode
        && request.Method == HttpMethod.Post
        && request.Content?.Headers.ContentType?.MediaType is { } sent
        && sent.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        && response.Content.Headers.ContentType?.MediaType is { } received
        && received.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && response.Content.Headers.ContentEncoding.Count == 0
        && !(response.Content.Headers.ContentLength > MaximumSize);

    /// <summary>The token type DPoP becomes Bearer. Any other answer stays as it came.</summary>
    public static async ValueTask ShowTokenTypeAsync(HttpResponseMessage response, bool async, CancellationToken cancellationToken)
    {
        Stream body = async
            ? await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false)
            : response.Content.ReadAsStream(cancellationToken);
        byte[] buffer = new byte[4096];
        int length = 0;
        while (length <= MaximumSize)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, length * 2);
            }

            int read = async
                ? await body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)
                : body.Read(buffer, length, buffer.Length - length);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        HttpContent original = response.Content;
        if (length <= MaximumSize && TokenTypeMember.PresentAsBearer(buffer.AsSpan(0, length)) is { } shown)
        {
            response.Content = new PeekedContent(original, new PeekedStream(shown, shown.Length, pending: null, Stream.Null));
            response.Content.Headers.ContentLength = shown.Length;
            body.Dispose();
        }
        else
        {
            response.Content = new PeekedContent(original, new PeekedStream(buffer, length, pending: null, body));
        }
    }
}
