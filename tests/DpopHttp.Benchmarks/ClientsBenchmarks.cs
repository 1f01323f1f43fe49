using BenchmarkDotNet.Attributes;

namespace DpopHttp.Benchmarks;

/// <summary>Many clients by name that share one key. The command <c>costs</c> goes up to 10,000 of them.</summary>
[MemoryDiagnoser]
public class ClientsBenchmarks : IAsyncDisposable
{
    private ManyClients? _clients;

    [Params(10, 100, 1_000)]
    public int Clients { get; set; }

    [GlobalSetup(Target = nameof(Rotate))]
    public void Setup() => (_clients = new ManyClients(Clients)).GetAll();

    /// <summary>A container of its own: registered, built, and the first key of each client.</summary>
    [Benchmark]
    public async Task StartAsync()
    {
        await using ManyClients clients = new(Clients);
        clients.GetAll();
    }

    /// <summary>A new key, and the next look of each client at it.</summary>
    [Benchmark]
    public void Rotate()
    {
        _clients!.Rotate();
        _clients.GetAll();
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        if (_clients is not null)
        {
            await _clients.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
