using System.Net.Http.Headers;
using DpopHttp.Origins;

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
        PendingRead? pending = null;
        try
        {
            while (length < buffer.Length && !ErrorMember.TryFind(buffer.AsSpan(0, length), out error))
            {
                pending = PendingRead.Begin(body, buffer.AsMemory(length));
                TimeSpan left = LongestRead - time.GetElapsedTime(began);
                if (!await IsDoneAsync(pending.Count, left, time, async, cancellationToken).ConfigureAwait(false)
                    || !pending.Count.IsCompletedSuccessfully || pending.Count.Result == 0)
                {
                    break;
                }

                length += pending.Count.Result;
                pending = null;
            }
        }
        finally
        {
            response.Content = new PeekedContent(response.Content, new PeekedStream(buffer, length, pending, body));
        }

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
