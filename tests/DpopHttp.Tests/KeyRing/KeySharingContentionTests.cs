using System.Collections.Concurrent;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.KeyRing;

/// <summary>First uses at the same moment, on threads of their own.</summary>
public class KeySharingContentionTests
{
    private const int Threads = 64;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_64FirstUsesAtOnce_MakeOneKey(bool inFile)
    {
        for (int round = 0; round < 5; round++)
        {
            using KeyDirectory directory = new();
            await using RingBench bench = new(s => Configure(s, inFile ? directory["key"] : null));
            DpopKeyRing ring = bench.Ring;
            IReadOnlyCollection<DpopKey> keys = await AtOnceAsync(i => ring.Get($"client-{i % 4}"));
            Assert.Single(keys.Distinct());
            Assert.Single(bench.Logged(inFile ? "KeyFileMade" : "KeyMade"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sending_64FirstRequestsAtOnce_AreSignedWithOneKey(bool inFile)
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s => Configure(s, inFile ? directory["key"] : null));
        HttpClient[] clients = [.. Enumerable.Range(0, 4).Select(i => bench.Client($"client-{i}"))];
        await AtOnceAsync(i =>
        {
            using HttpRequestMessage request = new(HttpMethod.Get, RingBench.Api);
            using HttpResponseMessage response = clients[i % 4].Send(request);
            return response.StatusCode;
        });
        Assert.Equal(Threads, bench.Proofs.Count);
        Assert.Single(bench.Proofs.Select(RingBench.SignerOf).Distinct());
        Assert.Empty(bench.Logged("KeyChanged"));
        if (inFile)
        {
            using DpopKey onDisk = new DpopKeyFile(directory["key"]).Open();
            Assert.Equal(onDisk.Thumbprint, RingBench.SignerOf(bench.Proofs[0]));
        }
    }

    [Fact]
    public async Task Get_WhileAnotherThreadRotates_NeverGoesBack()
    {
        await using RingBench bench = new(s => Configure(s, file: null));
        DpopKeyRing ring = bench.Ring;
        List<string> order = [ring.Get("client-0").Thumbprint];
        using CancellationTokenSource stop = new();
        ConcurrentBag<string> problems = [];
        Task[] readers = [.. Enumerable.Range(0, 8).Select(reader => Task.Factory.StartNew(
            () =>
            {
                List<string> seen = [];
                while (!stop.IsCancellationRequested)
                {
                    string thumbprint = ring.Get($"client-{reader % 4}").Thumbprint;
                    if (seen.Count == 0 || seen[^1] != thumbprint)
                    {
                        seen.Add(thumbprint);
                    }
                }

                if (seen.Count != seen.Distinct().Count())
                {
                    problems.Add($"reader {reader} went back to a former key");
                }
            },
            TaskCreationOptions.LongRunning))];
        for (int i = 0; i < 200; i++)
        {
            order.Add(ring.Rotate($"client-{i % 4}").Thumbprint);
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Empty(problems);
        Assert.Equal(201, order.Distinct().Count());
        Assert.All(Enumerable.Range(0, 4), i => Assert.Equal(order[^1], ring.Get($"client-{i}").Thumbprint));
    }

    private static void Configure(IServiceCollection services, string? file)
    {
        for (int i = 0; i < 4; i++)
        {
            services.AddHttpClient($"client-{i}").AddDpop(o => o.KeyName = "shared");
        }

        services.AddDpopKey("shared", k => k.File = file);
    }

    private static async Task<IReadOnlyCollection<T>> AtOnceAsync<T>(Func<int, T> use)
    {
        using Barrier barrier = new(Threads);
        return await Task.WhenAll(Enumerable.Range(0, Threads).Select(i => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait();
                return use(i);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }
}
