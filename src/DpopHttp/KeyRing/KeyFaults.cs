using Microsoft.Extensions.Options;

namespace DpopHttp.KeyRing;

/// <summary>What can be wrong with the names of keys and clients.</summary>
internal static class KeyFaults
{
    public static InvalidOperationException NotAClient(string client, KeyNames names) => new(
        $"No client '{client}' uses DPoP.{NearestNames.Suggest(client, names.Clients)} The name is the one that AddHttpClient was called with; for a typed client "
        + "it is the name of the first type argument. Call AddDpop() on that client.");

    public static string DefinedTwice(string name) =>
        $"The key '{name}' is defined twice by AddDpopKey. Define it once; to add to the definition, configure DpopKeyOptions of that name.";

    /// <summary>What is wrong with the name of a client's key; null if nothing is.</summary>
    public static string? FindFault(string client, DpopOptions options, KeyNames names, IOptionsMonitor<DpopOptions> monitor)
    {
        string keyName = options.KeyName ?? client;
        if (names.IsKey(keyName))
        {
            return keyName == client && DpopKeyOptions.Of(options).NamesOfWhatIsSet is { Length: > 0 } set
                ? $"The key '{client}' is defined twice: by AddDpopKey, and by {set} of the client '{client}'. Define it once."
                : null;
        }

        if (keyName == client)
        {
            return null;
        }

        return names.IsKnownClient(keyName) ? FindCircle(client, keyName, names, monitor) : Undefined($"The client '{client}' names", keyName, names);
    }

    public static string Undefined(string who, string keyName, KeyNames names) =>
        $"{who} the key '{keyName}', which isn't defined.{NearestNames.Suggest(keyName, names.Keys.Concat(names.Clients))} "
        + $"Define it with services.AddDpopKey(\"{keyName}\", ...), or name a client that AddDpop() was called on.";

    private static string? FindCircle(string client, string keyName, KeyNames names, IOptionsMonitor<DpopOptions> monitor)
    {
        HashSet<string> seen = new(StringComparer.Ordinal) { client };
        string next = keyName;
        while (seen.Add(next))
        {
            string following = monitor.Get(next).KeyName ?? next;
            if (following == next || names.IsKey(following) || !names.IsKnownClient(following))
            {
                return null;
            }

            next = following;
        }

        return $"The clients {string.Join(", ", seen.Select(name => $"'{name}'"))} name each other's keys, and none of them defines one. Let one of them leave KeyName out.";
    }
}
