using System.Collections.Concurrent;
using DpopHttp.Logging;
using DynamicallyAccessedMembersAttribute = System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembersAttribute;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using static System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes;

namespace DpopHttp.KeyRing;

/// <summary>Named options that stay the last good ones when a change has faults: the change is logged and doesn't throw.</summary>
internal sealed class OptionsStore<[DynamicallyAccessedMembers(PublicParameterlessConstructor)] TOptions> : IOptionsMonitor<TOptions>, IDisposable
    where TOptions : class
{
    private readonly NamedSetups<TOptions> _setups;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _subscriptions = [];

    public OptionsStore(NamedSetups<TOptions> setups, IEnumerable<IOptionsChangeTokenSource<TOptions>> sources, ILogger<DpopKeyRing> logger)
    {
        _setups = setups;
        _logger = logger;
        foreach (IOptionsChangeTokenSource<TOptions> source in sources)
        {
            _subscriptions.Add(ChangeToken.OnChange(source.GetChangeToken, Renew, source.Name));
        }
    }

    private event Action<TOptions, string?>? Changed;

    public TOptions CurrentValue => Get(Options.DefaultName);

    /// <summary>
    /// Asked before new options come into force; it calls the action to bring them into force. It returns false if they don't, and has said why in
    /// the log, or throws.
    /// </summary>
    public Func<string, TOptions, Action, bool> Adopt { get; set; } = (_, _, accept) =>
    {
        accept();
        return true;
    };

    /// <summary>Reads the options once. Faulty ones are read again the next time.</summary>
    public TOptions Get(string? name)
    {
        name ??= Options.DefaultName;
        Entry entry = _entries.GetOrAdd(name, _ => new Entry());
        if (entry.Value is { } value)
        {
            return value;
        }

        lock (entry.Lock)
        {
            return entry.Value ??= _setups.Create(name);
        }
    }

    public IDisposable OnChange(Action<TOptions, string?> listener)
    {
        Changed += listener;
        return new Subscription(() => Changed -= listener);
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    /// <summary>The defaults of all clients have no name, and concern everybody.</summary>
    private void Renew(string? name)
    {
        foreach (string concerned in string.IsNullOrEmpty(name) ? _entries.Keys : [name])
        {
            if (_entries.TryGetValue(concerned, out Entry? entry) && TryRenew(concerned, entry))
            {
                Changed?.Invoke(entry.Value!, concerned);
            }
        }
    }

    private bool TryRenew(string name, Entry entry)
    {
        lock (entry.Lock)
        {
            if (entry.Value is null)
            {
                return false;
            }

            try
            {
                TOptions next = _setups.Create(name);
                return Adopt(name, next, () => entry.Value = next);
            }
            catch (Exception exception)
            {
                // A service that runs isn't stopped, whatever the application's own code throws, nor is whoever reloads the configuration.
                Log.OptionsRefused(_logger, exception, name, exception.Message);
                return false;
            }
        }
    }

    private sealed class Entry
    {
        public volatile TOptions? Value;

        /// <summary>Options are made one at a time for each name: making them may make a key.</summary>
        public Lock Lock { get; } = new();
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
