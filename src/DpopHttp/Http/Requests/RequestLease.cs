using System.Runtime.CompilerServices;
using DpopHttp.Http.Errors;

namespace DpopHttp.Http.Requests;

/// <summary>
/// Holds a request while it is ours. Two sends of one message at the same time would put their proofs over each other's, and the first to end would
/// take the other's off.
/// </summary>
internal static class RequestLease
{
    /// <summary>The messages under way, in shares of which each has a lock of its own. The message's own options would not do: two threads at once corrupt them.</summary>
    private static readonly HashSet<HttpRequestMessage>[] UnderWay =
        [.. Enumerable.Range(0, 64).Select(_ => new HashSet<HttpRequestMessage>(ReferenceEqualityComparer.Instance))];

    /// <summary>True: the request is held, and must be released.</summary>
    /// <exception cref="DpopException">The request is in another send's hands.</exception>
    public static bool Take(HttpRequestMessage request)
    {
        HashSet<HttpRequestMessage> share = ShareOf(request);
        lock (share)
        {
            return share.Add(request) ? true : throw RequestErrors.RequestInUse();
        }
    }

    public static void Release(HttpRequestMessage request)
    {
        HashSet<HttpRequestMessage> share = ShareOf(request);
        lock (share)
        {
            share.Remove(request);
        }
    }

    private static HashSet<HttpRequestMessage> ShareOf(HttpRequestMessage request) => UnderWay[RuntimeHelpers.GetHashCode(request) % UnderWay.Length];
}
