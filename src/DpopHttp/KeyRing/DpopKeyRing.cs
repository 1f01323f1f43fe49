using System.Collections.Concurrent;
using DpopHttp.KeyRing;
using DpopHttp.Shared;
using Microsoft.Extensions.Logging;

namespace DpopHttp;

/// <summary>
/// The keys of the container's clients: which key a client signs with now, which keys it signed with before, and how to get a new one while
/// requests are under way. A singleton service. Keys that were made or opened here are disposed with the container.
/// </summary>
/// <remarks>
/// After a change, new requests sign with the new key and start without nonces; requests under way end with the old key. A token that
/// says that it is bound to another key isn't sent (<see cref="DpopErrorCodes.KeyMismatch"/>). All members are safe for use by any number
/// of threads at once.
/// </remarks>
public sealed class DpopKeyRing
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

    internal DpopKeyRing(
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

    /// <summary>The key that a client signs with, opened or made if it isn't yet.</summary>
    /// <param name="client">The client's name: for a typed client the name of its type, as AddHttpClient gives it.</param>
    /// <exception cref="InvalidOperationException">No client of that name uses DPoP.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key can't be opened or made.</exception>
    public DpopKey Get(string client) => Require(client).Source.Current;

    /// <summary>
    /// A key by its thumbprint: the client's, or one that it or another client signed with before. Keys that were rotated out of a
    /// <see cref="DpopOptions.KeyFile"/> are found until <see cref="DpopKeyFile.Forget"/>, others for as long as anything in the process holds them.
    /// </summary>
    /// <param name="client">The client's name.</param>
    /// <param name="thumbprint">As <see cref="DpopKey.Thumbprint"/>, for example the one that a refresh token is bound to.</param>
    /// <returns>The key, which the caller doesn't dispose; null if it isn't known.</returns>
    /// <exception cref="ArgumentException">This isn't a thumbprint.</exception>
    /// <exception cref="InvalidOperationException">No client of that name uses DPoP.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key isn't where it can be looked for, and a file can't be read.</exception>
    public DpopKey? Find(string client, string thumbprint)
    {
        JwkThumbprint.Require(thumbprint, nameof(thumbprint));
        DpopKey current = Get(client);
        return current.Thumbprint == thumbprint ? current : _sources.Find(thumbprint);
    }

    /// <summary>
    /// Makes a new key for a client, and for those that share its key: in its <see cref="DpopOptions.KeyFile"/>, where the old one is kept
    /// too, or else in this process.
    /// </summary>
    /// <param name="client">The client's name.</param>
    /// <returns>The new key, which the caller doesn't dispose.</returns>
    /// <exception cref="InvalidOperationException">
    /// The client's key was given by <see cref="DpopOptions.Key"/> or <see cref="DpopKeyOptions.Key"/>: see <see cref="Replace"/>. Or no client of that name
    /// uses DPoP.
    /// </exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the new key can't be kept. The old one stays in use.</exception>
    public DpopKey Rotate(string client)
    {
        KeyHolder owner = Require(client).Owner;
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

    /// <summary>
    /// Gives a client, and those that share its key, another key in place of the one from <see cref="DpopOptions.Key"/> or
    /// <see cref="DpopKeyOptions.Key"/>, until a change of the options gives another instance there.
    /// </summary>
    /// <param name="client">The client's name.</param>
    /// <param name="key">The new key. It isn't disposed with the container, and the old one must outlive the requests under way.</param>
    /// <exception cref="InvalidOperationException">
    /// The client's key wasn't given by the options: see <see cref="Rotate"/>. Or no client of that name uses DPoP.
    /// </exception>
    public void Replace(string client, DpopKey key)
    {
        KeyHolder owner = Require(client).Owner;
        ArgumentNullException.ThrowIfNull(key);
        if (owner.Source is not GivenKeySource source)
        {
            throw new InvalidOperationException($"The key of '{owner.Name}' wasn't given by the options, so this library makes the next one: use {nameof(Rotate)}.");
        }

        DpopKey former = source.Current;
        source.Replace(key);
        LogChange(owner, former, key);
    }

    /// <summary>What a client goes by, now and after each change of its options.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options have faults, or name a key that doesn't exist.</exception>
    internal Func<ClientSettings> GetSettings(string client)
    {
        Client found = Require(client);
        return () => found.Settings;
    }

    /// <summary>Looks at the name of a client's key, and opens the key if it is in a file.</summary>
    /// <exception cref="KeyNameException">The name isn't defined, or is defined twice.</exception>
    internal void OpenClient(string client) => Open(Require(client).Source);

    /// <summary>Opens a key that has a name of its own, if it is in a file.</summary>
    internal void OpenKey(string name) => Open(RequireKey(name).Source);

    private static void Open(KeySource source)
    {
        if (source is FileKeySource)
        {
            _ = source.Current;
        }
    }

    private Client Require(string client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return _clients.TryGetValue(client, out Client? found) ? found : Add(client);
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

    private NamedKey RequireKey(string name)
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

        return keyName == client ? new ClientState(options, _sources.Get(client, DpopKeyOptions.Of(options))) : new ClientState(options, Require(keyName));
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
                KeyLog.KeyChangeFailed(_logger, exception, holder.Name, former.Thumbprint, exception.Message);
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
            KeyLog.KeyChanged(_logger, holder.Name, former.Thumbprint, next.Thumbprint);
        }
    }
}
