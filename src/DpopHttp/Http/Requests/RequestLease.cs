using System.Runtime.CompilerServices;
using DpopHttp.Http.Errors;

namespace DpopHttp.Http.Requests;

/// <summary>
/// Holds a request while it is ours. Two sends of one message at the same time would put their proofs over each other's, and the first to end would
/// take the other's off.
/// </summary>
internal readonly struct RequestLease : IDisposable
{
    /// <summary>The messages under way, in shares of which each has a lock of its own. The message's own options are no place: two threads at once corrupt them.</summary>
    private static readonly HashSet<HttpRequestMessage>[] UnderWay =
        [.. Enumerable.Range(0, 64).Select(_ => new HashSet<HttpRequestMessage>(ReferenceEqualityComparer.Instance))];

    private readonly HttpRequestMessage _request;

    /// <exception cref="DpopException">The request is in another send's hands.</exception>
    public RequestLease(HttpRequestMessage request)
    {
        HashSet<HttpRequestMessage> share = ShareOf(request);
        lock (share)
        {
            if (!share.Add(request))
            {
                throw RequestErrors.RequestInUse();
            }
        }

        _request = request;
    }

    public void Dispose()
    {
        HashSet<HttpRequestMessage> share = ShareOf(_request);
        lock (share)
        {
            share.Remove(_request);
        }
    }

    private static HashSet<HttpRequestMessage> ShareOf(HttpRequestMessage request) => UnderWay[RuntimeHelpers.GetHashCode(request) % UnderWay.Length];
}
