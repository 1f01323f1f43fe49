namespace DpopHttp.KeyRing;

/// <summary>The calls of AddDpop and RemoveDpop; the last one for a client counts.</summary>
internal sealed class ClientRegistrations
{
    private readonly Dictionary<string, bool> _byName = new(StringComparer.Ordinal);

    /// <summary>The clients that were named, and whether they use DPoP.</summary>
    public IReadOnlyDictionary<string, bool> ByName => _byName;

    /// <summary>Whether the defaults of all clients have DPoP.</summary>
    public bool AllClients { get; private set; }

    public void AddDefaults() => AllClients = true;

    /// <summary>False: the client has DPoP already.</summary>
    public bool TryAdd(string name)
    {
        bool isNew = !_byName.GetValueOrDefault(name);
        _byName[name] = true;
        return isNew;
    }

    public void Remove(string name) => _byName[name] = false;
}
