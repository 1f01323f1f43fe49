using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DpopHttp;

/// <summary>The keys that the container made, one per client name; they outlive handlers and end with the container.</summary>
internal sealed class ClientKeys(ILogger<DpopHandler> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<DpopKey>> _keys = new(StringComparer.Ordinal);

    /// <summary>The client's key, made once however many ask at the same time.</summary>
    public DpopKey Get(string client) => _keys.GetOrAdd(client, name => new Lazy<DpopKey>(() => Make(name))).Value;

    public void Dispose()
    {
        foreach (Lazy<DpopKey> key in _keys.Values)
        {
            if (key.IsValueCreated)
            {
                key.Value.Dispose();
            }
        }
    }

    private DpopKey Make(string client)
    {
        DpopKey key = DpopKey.Generate();
        Log.KeyMade(logger, key.Algorithm, key.Thumbprint, client);
        return key;
    }
}
