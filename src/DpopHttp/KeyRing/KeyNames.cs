namespace DpopHttp.KeyRing;

/// <summary>Which clients use DPoP, and which keys have names of their own: what was registered with the container.</summary>
internal sealed class KeyNames
{
    private readonly Dictionary<string, bool> _clients;
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _doubled = new(StringComparer.Ordinal);

    public KeyNames(ClientRegistrations clients, IEnumerable<KeyRegistration> keys)
    {
        _clients = new(clients.ByName, StringComparer.Ordinal);
        AllClients = clients.AllClients;
        foreach (KeyRegistration key in keys)
        {
            if (!_keys.Add(key.Name))
            {
                _doubled.Add(key.Name);
            }
        }
    }

    /// <summary>Whether the defaults of all clients have DPoP.</summary>
    public bool AllClients { get; }

    /// <summary>The clients that were added by name.</summary>
    public IEnumerable<string> Clients => _clients.Where(client => client.Value).Select(client => client.Key);

    /// <summary>The keys that have names of their own.</summary>
    public IReadOnlyCollection<string> Keys => _keys;

    /// <summary>The keys that were added more than once.</summary>
    public IReadOnlyCollection<string> Doubled => _doubled;

    public bool IsClient(string name) => _clients.TryGetValue(name, out bool usesDpop) ? usesDpop : AllClients;

    /// <summary>Whether the client was added by name: under the defaults of all clients, any name may be one.</summary>
    public bool IsKnownClient(string name) => _clients.TryGetValue(name, out bool usesDpop) && usesDpop;

    public bool IsKey(string name) => _keys.Contains(name);
}
