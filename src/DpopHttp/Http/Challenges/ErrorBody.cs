using System.Net.Http.Headers;
using DpopHttp.Origins;
using DpopHttp.Shared;

namespace DpopHttp.Http.Challenges;

/// <summary>
/// Reads "error" from an authorization server's JSON answer (RFC 6749 section 5.2), no further than it must and not for long, and leaves the body to the
/// caller as it came.
/// </summary>
internal static class ErrorBody
{
    /// <summary>Error answers have a few hundred bytes; a longer one is looked at up to here.</summary>
    private const int MaximumSize = 16 * 1024;

    /// <summary>A body that stalls must not hold a caller who reads it for itself.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(2);

    public static async ValueTask<string?> ReadErrorAsync(HttpResponseMessage response, TimeProvider time, bool async, CancellationToken cancellationToken)
    {
        if (!IsJson(response.Content.Headers.ContentType) || response.Content.Headers.ContentLength > MaximumSize)
        {
            return null;
        }

        Stream body = async
            ? await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false)
            : response.Content.ReadAsStream(cancellationToken);
        byte[] buffer = new byte[MaximumSize];
        int length = 0;
        long began = time.GetTimestamp();
        string? error = null;
        Task<int>? pending = null;
        while (length < buffer.Length && !ErrorMember.TryFind(buffer.AsSpan(0, length), out error))
        {
            // The read belongs to the body, not to us: it is never cancelled, since that would end the connection.
            pending = body.ReadAsync(buffer.AsMemory(length), CancellationToken.None).AsTask();
            TimeSpan left = LongestRead - time.GetElapsedTime(began);
            if (!await IsDoneAsync(pending, left, time, async, cancellationToken).ConfigureAwait(false) || !pending.IsCompletedSuccessfully || pending.Result == 0)
            {
                break;
            }

            length += pending.Result;
            pending = null;
        }

        response.Content = new PeekedContent(response.Content, new PeekedStream(buffer, length, pending?.Observed(), body));
        return error;
    }

    /// <summary>Whether the read has ended in time, well or not.</summary>
    private static async ValueTask<bool> IsDoneAsync(Task<int> read, TimeSpan left, TimeProvider time, bool async, CancellationToken cancellationToken)
    {
        if (!read.IsCompleted && left > TimeSpan.Zero)
        {
            // A synchronous read could not be left when the time is up.
            await EndOf.WaitAsync(read.WaitAsync(left, time, cancellationToken), async).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return read.IsCompleted;
    }

    private static bool IsJson(MediaTypeHeaderValue? type) =>
        type?.MediaType is { } name
        && (name.Equals("application/json", StringComparison.OrdinalIgnoreCase) || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}
