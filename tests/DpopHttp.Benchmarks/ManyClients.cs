using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Benchmarks;

/// <summary>A container with clients by name that share one key, so that making keys is not what is measured.</summary>
internal sealed class ManyClients : IAsyncDisposable
{
    private readonly string[] _names;
    private readonly ServiceProvider _services;
    private readonly DpopKeyRing _keys;
    private DpopKey _key;

    public ManyClients(int count)
    {
        _names = [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"client-{i}"))];
        ServiceCollection services = new();
        services.AddDpopKey("shared", _ => { });
        foreach (string name in _names)
        {
            services.AddHttpClient(name).AddDpop(options => options.KeyName = "shared");
        }

        _services = services.BuildServiceProvider();
        _keys = _services.GetRequiredService<DpopKeyRing>();
        _key = _keys.Get(_names[0]);
    }

    /// <summary>Makes each client, the platform's pipeline below it included.</summary>
    public void CreateAll()
    {
        IHttpClientFactory factory = _services.GetRequiredService<IHttpClientFactory>();
        foreach (string name in _names)
        {
            factory.CreateClient(name).Dispose();
        }
    }

    public void Rotate() => _key = _keys.Rotate(_names[0]);

    /// <summary>Asks for the key of each client.</summary>
    /// <exception cref="InvalidOperationException">A client has another key than it should.</exception>
    public void GetAll()
    {
        foreach (string name in _names)
        {
            if (!ReferenceEquals(_key, _keys.Get(name)))
            {
                throw new InvalidOperationException("A client has another key than it should.");
            }
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
