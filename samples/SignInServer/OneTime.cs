using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SignInServer;

/// <summary>Keeps things under names that nobody can guess, until they are taken: once.</summary>
internal sealed class OneTime<T>
    where T : class
{
    private readonly ConcurrentDictionary<string, T> _kept = new(StringComparer.Ordinal);

    public string Add(T thing)
    {
        string name = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _kept[name] = thing;
        return name;
    }

    public T? Take(string name) => _kept.TryRemove(name, out T? thing) ? thing : null;
}
