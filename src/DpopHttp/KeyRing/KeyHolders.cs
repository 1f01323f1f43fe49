using System.Collections.Concurrent;
using DpopHttp.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp.KeyRing;

/// <summary>
/// From a name to its options to the source of its key. What happens to one name concerns those alone that use it.
/// </summary>
internal sealed class KeyHolders
{
    private readonly KeyNames _names;
    private readonly OptionsStore<DpopOptions> _clientOptions;
    private readonly OptionsStore<DpopKeyOptions> _keyOptions;
    private readonly KeySources _sources;
    private readonly ILogger _logger;

    /// <summary>Taken for a moment, to put something new in place: never while options are read or a file is opened.</summary>
    private readonly Lock _lock = new();

    private readonly ConcurrentDictionary<string, Client> _clients = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, NamedKey> _keys = new(StringComparer.Ordinal);

    public KeyHolders(
        KeyNames names, OptionsStore<DpopOptions> clientOptions, OptionsStore<DpopKeyOptions> keyOptions, KeySources sources, ILogger<DpopKeyRing> logger)
    {
        _names = names;
        _clientOptions = clientOptions;
        _keyOptions = keyOptions;
        _sources = sources;
        _logger = logger;
        clientOptions.Adopt = AdoptClient;
        keyOptions.Adopt = AdoptKey;
    }

    /// <summary>The client of that name.</summary>
    /// <exception cref="InvalidOperationException">No client of that name uses DPoP.</exception>
    /// <exception cref="OptionsValidationException">The client's options have faults, or name a key that doesn't exist.</exception>
    public Client RequireClient(string client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return _clients.TryGetValue(client, out Client? found) ? found : Add(client);
    }

    /// <summary>The key that has that name of its own.</summary>
    /// <exception cref="OptionsValidationException">The key's options have faults.</exception>
    public NamedKey RequireKey(string name)
    {
        while (true)
        {
            if (_keys.TryGetValue(name, out NamedKey? found))
            {
                return found;
            }

            DpopKeyOptions options = _keyOptions.Get(name);
            KeySource source = _sources.Get(name, options);
            lock (_lock)
            {
                if (ReferenceEquals(_keyOptions.Get(name), options))
                {
                    return _keys.GetOrAdd(name, new NamedKey(name, source));
                }
            }
        }
    }

    /// <summary>Makes the next key where the former one came from, or where options that couldn't come into force say.</summary>
    public DpopKey Rotate(KeyHolder owner)
    {
        RefusedKey? refused = owner.Refused;
        DpopKey? former = owner.Source.Opened;
        DpopKey next = (refused?.Source ?? owner.Source).Rotate();
        if (refused is not null)
        {
            lock (_lock)
            {
                if (owner.Refused == refused)
                {
                    refused.Accept();
                }
            }
        }

        LogChange(owner, former, next);
        return next;
    }

    /// <summary>Puts another key in the place of one that was given.</summary>
    /// <exception cref="InvalidOperationException">The key wasn't given.</exception>
    public void Replace(KeyHolder owner, DpopKey key)
    {
        if (owner.Source is not GivenKeySource source)
        {
            throw new InvalidOperationException(
                $"The key of '{owner.Name}' wasn't given by the options, so this library makes the next one: use {nameof(DpopKeyRing.Rotate)}.");
        }

        DpopKey former = source.Current;
        source.Replace(key);
        LogChange(owner, former, key);
    }

    private Client Add(string client)
    {
        if (!_names.IsClient(client))
        {
            throw KeyFaults.NotAClient(client, _names);
        }

        while (true)
        {
            DpopOptions options = _clientOptions.Get(client);
            ClientState state = Resolve(client, options);
            lock (_lock)
            {
                if (_clients.TryGetValue(client, out Client? found))
                {
                    return found;
                }

                // Else the options changed meanwhile.
                if (ReferenceEquals(_clientOptions.Get(client), options))
                {
                    return _clients[client] = new Client(client, state);
                }
            }
        }
    }

    private ClientState Resolve(string client, DpopOptions options)
    {
        if (KeyFaults.FindFault(client, options, _names, _clientOptions) is { } fault)
        {
            throw new KeyNameException(client, fault);
        }

        string keyName = options.KeyName ?? client;
        if (_names.IsKey(keyName))
        {
            return new ClientState(options, RequireKey(keyName));
        }

        return keyName == client ? new ClientState(options, _sources.Get(client, DpopKeyOptions.Of(options))) : new ClientState(options, RequireClient(keyName));
    }

    /// <summary>Brings new options of a client into force as a whole, if the client can have the key that they name.</summary>
    private bool AdoptClient(string name, DpopOptions options, Action accept)
    {
        lock (_lock)
        {
            if (!_clients.ContainsKey(name))
            {
                accept();
                return true;
            }
        }

        Client client = _clients[name];
        ClientState state = Resolve(name, options);
        return Adopt(client, state.Source, isOwn: state.Other is null, () =>
        {
            // Others may have changed their key's name at the same moment.
            if (KeyFaults.FindFault(name, options, _names, _clientOptions) is { } fault)
            {
                throw new KeyNameException(name, fault);
            }

            accept();
            client.Use(state);
        });
    }

    private bool AdoptKey(string name, DpopKeyOptions options, Action accept)
    {
        lock (_lock)
        {
            if (!_keys.ContainsKey(name))
            {
                accept();
                return true;
            }
        }

        NamedKey key = _keys[name];
        KeySource source = _sources.Get(name, options);
        return Adopt(key, source, isOwn: true, () =>
        {
            accept();
            key.Use(source);
        });
    }

    /// <summary>Opens the next key before anything changes, if the former one is in use.</summary>
    private bool Adopt(KeyHolder holder, KeySource source, bool isOwn, Action use)
    {
        DpopKey? former = holder.Source.Opened;
        DpopKey? next = null;
        Action accept = () =>
        {
            use();
            holder.Refused = null;
        };
        if (former is not null)
        {
            try
            {
                next = source.Current;
            }
            catch (DpopException exception)
            {
                holder.Refused = isOwn ? new RefusedKey(source, accept) : null;
                Log.KeyChangeFailed(_logger, exception, holder.Name, former.Thumbprint, exception.Message);
                return false;
            }
        }

        lock (_lock)
        {
            accept();
        }

        if (next is not null)
        {
            LogChange(holder, former, next);
        }

        return true;
    }

    private void LogChange(KeyHolder holder, DpopKey? former, DpopKey next)
    {
        if (former is not null && former.Thumbprint != next.Thumbprint)
        {
            Log.KeyChanged(_logger, holder.Name, former.Thumbprint, next.Thumbprint);
        }
    }
}
