using System.Collections.Concurrent;
using DpopHttp.Keys;
using DpopHttp.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>
/// The keys of the container's clients: which key a client signs with now, which it signed with before, and how to get a new one while
/// requests are under way. A singleton service; keys that it made or opened are disposed with the container.
/// </summary>
/// <remarks>
/// After a change new requests sign with the new key and start without nonces; requests under way end with the old one. A token that
/// says that it is bound to another key is not sent (<see cref="DpopErrorCodes.KeyMismatch"/>). All members are safe for use by any number
/// of threads at once.
/// </remarks>
public sealed class DpopKeyRing : IDisposable
{
    private readonly KeyClaims _claims;
    private readonly ILogger _logger;
    private readonly IDisposable? _changes;
    private readonly Lock _lock = new();
    private readonly Dictionary<(KeySettings, string?), KeySource> _sources = [];

    /// <summary>What each client signed with last.</summary>
    private readonly Dictionary<string, DpopKey> _last = new(StringComparer.Ordinal);

    /// <summary>What each client signs with. Read without the lock and written under it; emptied by every change.</summary>
    private readonly ConcurrentDictionary<string, DpopKey> _current = new(StringComparer.Ordinal);

    private bool _isDisposed;

    internal DpopKeyRing(
        IOptionsMonitor<DpopOptions> options, IOptionsMonitorCache<DpopOptions> cache, IEnumerable<DpopClientName> clients, ILogger<DpopHandler> logger)
    {
        _claims = new KeyClaims(options, clients);
        _logger = logger;
        _changes = options.OnChange((_, name) => Change(() =>
        {
            // The defaults of all clients have no name, and the monitor lets go of nothing else.
            if (string.IsNullOrEmpty(name))
            {
                cache.Clear();
            }
        }));
    }

    /// <summary>The key that a client signs with, opened or made if it is not yet.</summary>
    /// <param name="client">The client's name: for a typed client the name of its type.</param>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: it cannot be opened or made.</exception>
    public DpopKey Get(string client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return _current.TryGetValue(client, out DpopKey? key) ? key : Resolve(client);
    }

    /// <summary>
    /// A key by its thumbprint: the client's, or one that it or another client signed with before. Keys that were rotated out of a
    /// <see cref="DpopOptions.KeyFile"/> are found until <see cref="DpopKeyFile.Forget"/>, others for as long as anything in the process holds them.
    /// </summary>
    /// <param name="client">The client's name.</param>
    /// <param name="thumbprint">As <see cref="DpopKey.Thumbprint"/>, for example the one that a refresh token is bound to.</param>
    /// <returns>The key, which the caller does not dispose; null if it is not known.</returns>
    /// <exception cref="ArgumentException">This is no thumbprint.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: it is not where it can be looked for, and a file cannot be read.</exception>
    public DpopKey? Find(string client, string thumbprint)
    {
        JwkThumbprint.Require(thumbprint, nameof(thumbprint));
        DpopKey current = Get(client);
        if (current.Thumbprint == thumbprint)
        {
            return current;
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return FindAmong(_sources.Values, thumbprint);
        }
    }

    /// <summary>
    /// Makes a new key for a client, and for those that share its key: in its <see cref="DpopOptions.KeyFile"/>, where the old one is kept
    /// too, or else in this process.
    /// </summary>
    /// <param name="client">The client's name.</param>
    /// <returns>The new key, which the caller does not dispose.</returns>
    /// <exception cref="InvalidOperationException">The client's key was given by <see cref="DpopOptions.Key"/>: see <see cref="Replace"/>.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the new key cannot be kept. The old one stays in use.</exception>
    public DpopKey Rotate(string client)
    {
        ArgumentNullException.ThrowIfNull(client);
        Change(() => SourceOf(client).Rotate());
        return Get(client);
    }

    /// <summary>
    /// Gives a client, and those that share its key, another key in place of the one from <see cref="DpopOptions.Key"/>, until a change of the
    /// configuration gives that another instance.
    /// </summary>
    /// <param name="client">The client's name.</param>
    /// <param name="key">The new key. It is not disposed with the container, and the old one must outlive the requests under way.</param>
    /// <exception cref="InvalidOperationException">The client's key was not given by <see cref="DpopOptions.Key"/>: see <see cref="Rotate"/>.</exception>
    public void Replace(string client, DpopKey key)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(key);
        Change(() =>
        {
            if (SourceOf(client) is not GivenKeySource source)
            {
                throw new InvalidOperationException($"The key of the client '{client}' was not given by {nameof(DpopOptions)}.{nameof(DpopOptions.Key)}: use {nameof(Rotate)}.");
            }

            source.Replace(key);
        });
    }

    /// <summary>Ends the use of the keys that the ring made or opened.</summary>
    public void Dispose()
    {
        _changes?.Dispose();
        lock (_lock)
        {
            _isDisposed = true;
            foreach (KeySource source in _sources.Values)
            {
                source.Dispose();
            }
        }
    }

    /// <summary>Says which clients name one key and mean several; null if all is well.</summary>
    internal string? FindConflict(string client) => _claims.FindConflict(client);

    private DpopKey Resolve(string client)
    {
        lock (_lock)
        {
            if (_current.TryGetValue(client, out DpopKey? key))
            {
                return key;
            }

            _last.TryGetValue(client, out DpopKey? last);
            try
            {
                key = SourceOf(client).Current;
            }
            catch (Exception exception) when (last is not null && !_isDisposed)
            {
                // A faulty change of the configuration does not stop a service that runs, whatever the application's own code throws over it.
                Log.KeyChangeFailed(_logger, exception, client, last.Thumbprint);
                key = last;
            }

            if (last is not null && last.Thumbprint != key.Thumbprint)
            {
                Log.KeyChanged(_logger, client, last.Thumbprint, key.Thumbprint);
            }

            return _current[client] = _last[client] = key;
        }
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _current.Clear();
        }
    }

    private KeySource SourceOf(string client)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        (string name, KeySettings settings) = _claims.Read(client);
        (KeySettings, string?) identity = settings.Identify(name);
        if (!_sources.TryGetValue(identity, out KeySource? source) || !source.IsOpen)
        {
            // One that could not be opened may be because of its protection, which the options may give anew.
            _sources[identity] = source = settings.CreateSource(name, _logger);
        }

        return source;
    }

    private static DpopKey? FindAmong(IEnumerable<KeySource> sources, string thumbprint)
    {
        DpopException? failure = null;
        foreach (KeySource source in sources)
        {
            try
            {
                if (source.Find(thumbprint) is { } key)
                {
                    return key;
                }
            }
            catch (DpopException exception)
            {
                // Another client's file may be in order, and have the key.
                failure ??= exception;
            }
        }

        return failure is null ? null : throw failure;
    }
}
