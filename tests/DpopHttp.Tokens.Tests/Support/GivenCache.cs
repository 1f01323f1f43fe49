using System.Collections.Concurrent;
using Microsoft.Extensions.Caching.Hybrid;

namespace DpopHttp.Tokens.Tests.Support;

/// <summary>A cache that answers with what a test gives it, whatever it is asked for, and says what was asked and written.</summary>
internal sealed class GivenCache : HybridCache
{
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentQueue<byte[]> _written = new();

    /// <summary>Given the number of the read, from 1. Null: there is nothing.</summary>
    public Func<int, byte[]?> Content { get; set; } = _ => null;

    public string[] Asked => [.. _asked];

    public byte[][] Written => [.. _written];

    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default)
    {
        _asked.Enqueue(key);
        return new((T)(object)Content(_asked.Count)!);
    }

    public override ValueTask SetAsync<T>(string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default)
    {
        _written.Enqueue((byte[])(object)value!);
        return default;
    }

    public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default) => default;

    public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) => default;
}
