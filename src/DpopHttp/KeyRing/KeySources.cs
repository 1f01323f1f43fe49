using DpopHttp.Logging;
using Microsoft.Extensions.Logging;

namespace DpopHttp.KeyRing;

/// <summary>Owns the sources of keys. They, and the keys that they made or opened, end with the container.</summary>
/// <param name="logger">The log.</param>
/// <param name="directory">Where relative paths start.</param>
internal sealed class KeySources(ILogger<DpopKeyRing> logger, string directory) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(KeyDefinition, string?), KeySource> _sources = [];
    private bool _hasEnded;

    /// <summary>The source that the options mean: names that mean the same file, or were given the same key, share one.</summary>
    public KeySource Get(string name, DpopKeyOptions options)
    {
        KeyDefinition definition = KeyDefinition.Of(options, directory);
        KeySource? source;
        string? other;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_hasEnded, typeof(DpopKeyRing));
            if (_sources.TryGetValue(definition.Identify(name), out source))
            {
                if (source.Opened is null)
                {
                    definition.Renew(source);
                }

                return source;
            }

            source = definition.CreateSource(name, logger);
            other = FindOtherGenerated(source);
            _sources.Add(definition.Identify(name), source);
        }

        if (other is not null)
        {
            Log.GeneratedKeysDiffer(logger, name, other);
        }

        return source;
    }

    /// <summary>The key with the thumbprint, if it is or was that of any source.</summary>
    /// <exception cref="DpopException">The key isn't where it can be looked for, and a file can't be read.</exception>
    public DpopKey? Find(string thumbprint)
    {
        KeySource[] sources;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_hasEnded, typeof(DpopKeyRing));
            sources = [.. _sources.Values];
        }

        return sources.Select(source => source.FindInMemory(thumbprint)).FirstOrDefault(key => key is not null) ?? FindKept(sources, thumbprint);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _hasEnded = true;
            foreach (KeySource source in _sources.Values)
            {
                source.Dispose();
            }
        }
    }

    /// <summary>Who else was given a generated key: <c>options.Key = DpopKey.Generate()</c> in a delegate for several clients makes one for each.</summary>
    private string? FindOtherGenerated(KeySource source) => source is GivenKeySource { IsGenerated: true } given
        ? _sources.Values.OfType<GivenKeySource>().FirstOrDefault(other => other.IsGenerated && other.Name != given.Name)?.Name
        : null;

    private static DpopKey? FindKept(KeySource[] sources, string thumbprint)
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
                // Another file may be in order, and have the key.
                failure ??= exception;
            }
        }

        return failure is null ? null : throw failure;
    }
}
