namespace DpopHttp.Http;

/// <summary>
/// Holds a request while it is ours. Two sends of one message at the same time would put their proofs over each other's, and the first to end would
/// take the other's off.
/// </summary>
internal readonly struct RequestLease : IDisposable
{
    private const string Key = "DpopHttp.Lease";

    private readonly HttpRequestMessage _request;

    /// <exception cref="DpopException">The request is in another send's hands.</exception>
    public RequestLease(HttpRequestMessage request)
    {
        IDictionary<string, object?> options = request.Options;

        // A copy of a request that is under way may have this option too, and is free all the same.
        if (options.TryGetValue(Key, out object? holder) && ReferenceEquals(holder, request))
        {
            throw Errors.RequestInUse();
        }

        options[Key] = _request = request;
    }

    public void Dispose() => ((IDictionary<string, object?>)_request.Options).Remove(Key);
}
