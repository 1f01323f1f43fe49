using Microsoft.Extensions.Options;

namespace DpopHttp.Keys;

/// <summary>What the clients that share a key say of it.</summary>
internal sealed class KeyClaims(IOptionsMonitor<DpopOptions> options, IEnumerable<DpopClientName> clients)
{
    private readonly string[] _clients = [.. clients.Select(client => client.Value).Distinct()];

    /// <summary>The name of a client's key, and the settings that say where it is.</summary>
    /// <exception cref="DpopException">The clients that share the name mean several keys.</exception>
    public (string Name, KeySettings Settings) Read(string client)
    {
        (string name, (string, KeySettings Settings)[] claims) = ReadAll(client);
        return Describe(name, claims) is { } conflict
            ? throw Errors.KeyConflict(conflict)
            : (name, claims.Length == 0 ? KeySettings.Unset : claims[0].Settings);
    }

    /// <summary>Says which clients name one key and mean several; null if all is well.</summary>
    public string? FindConflict(string client)
    {
        (string name, (string, KeySettings)[] claims) = ReadAll(client);
        return Describe(name, claims);
    }

    private static string? Describe(string name, (string Client, KeySettings Settings)[] claims) =>
        claims.All(claim => claim.Settings.MeansSameKeyAs(claims[0].Settings))
            ? null
            : $"The clients {string.Join(" and ", claims.Select(claim => $"'{claim.Client}'"))} share the key name '{name}' but give different keys: let one of them say which, or give them names of their own.";

    /// <summary>Of all that share the client's key, those that say something of it.</summary>
    private (string Name, (string Client, KeySettings Settings)[] Claims) ReadAll(string client)
    {
        DpopOptions own = options.Get(client);
        string name = own.KeyName ?? client;
        bool needsOthers = KeySettings.Of(own) == KeySettings.Unset;
        List<(string, KeySettings)> claims = [];
        foreach (string other in _clients.Append(client).Distinct())
        {
            try
            {
                DpopOptions said = options.Get(other);
                if ((said.KeyName ?? other) == name && KeySettings.Of(said) is var settings && settings != KeySettings.Unset)
                {
                    claims.Add((other, settings));
                }
            }
            catch (Exception) when (!needsOthers)
            {
                // Faulty options are that client's trouble, unless they may be what says where this client's key is.
            }
        }

        return (name, [.. claims]);
    }
}
