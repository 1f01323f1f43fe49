using System.Collections.Concurrent;

namespace DpopHttp.Tests.NonceStores;

/// <summary>A store that outlives the containers of a test, and does what it is told.</summary>
internal sealed class Shelf : DpopNonceStore
{
    public ConcurrentDictionary<string, string> Nonces { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Loaded { get; } = [];

    public ConcurrentQueue<string> Saved { get; } = [];

    public Func<CancellationToken, ValueTask<string?>>? OnLoad { get; set; }

    public Func<CancellationToken, ValueTask>? OnSave { get; set; }

    public override ValueTask<string?> LoadAsync(string name, CancellationToken cancellationToken)
    {
        Loaded.Enqueue(name);
        return OnLoad is { } load ? load(cancellationToken) : new(Nonces.GetValueOrDefault(name));
    }

    public override async ValueTask SaveAsync(string name, string nonce, CancellationToken cancellationToken)
    {
        Saved.Enqueue(name);
        if (OnSave is { } save)
        {
            await save(cancellationToken);
        }

        Nonces[name] = nonce;
    }

    /// <summary>What was saved before is worth nothing any more.</summary>
    public void MakeStale()
    {
        foreach (string name in Nonces.Keys)
        {
            Nonces[name] = "stale";
        }
    }
}
