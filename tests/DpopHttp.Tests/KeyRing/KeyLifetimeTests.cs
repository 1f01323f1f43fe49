using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.KeyRing;

/// <summary>When keys end.</summary>
public class KeyLifetimeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keys_that_were_made_or_opened_end_with_the_container(bool inFile)
    {
        using KeyDirectory directory = new();
        DpopKey first;
        DpopKey second;
        await using (RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => o.KeyFile = inFile ? directory["key"] : null)))
        {
            first = bench.Ring.Get("api");
            second = bench.Ring.Rotate("api");
            _ = DpopProof.Create(first, HttpMethod.Get, RingBench.Api);
            _ = DpopProof.Create(second, HttpMethod.Get, RingBench.Api);
        }

        AssertEnded(first);
        AssertEnded(second);
    }

    [Fact]
    public async Task A_former_key_that_was_found_in_the_file_ends_with_the_container()
    {
        using KeyDirectory directory = new();
        string thumbprint = Rotated(directory["key"]);
        DpopKey? found;
        await using (RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => o.KeyFile = directory["key"])))
        {
            found = bench.Ring.Find("api", thumbprint);
            Assert.NotNull(found);
            _ = DpopProof.Create(found, HttpMethod.Get, RingBench.Api);
        }

        AssertEnded(found);
    }

    [Fact]
    public async Task Given_keys_stay_the_applications()
    {
        using DpopKey first = DpopKey.Generate();
        using DpopKey second = DpopKey.Generate();
        await using (RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => o.Key = first)))
        {
            Assert.Same(first, bench.Ring.Get("api"));
            bench.Ring.Replace("api", second);
            Assert.Same(second, bench.Ring.Get("api"));
        }

        _ = DpopProof.Create(first, HttpMethod.Get, RingBench.Api);
        _ = DpopProof.Create(second, HttpMethod.Get, RingBench.Api);
    }

    [Fact]
    public async Task A_ring_that_has_ended_makes_no_key_and_writes_no_file()
    {
        using KeyDirectory directory = new();
        RingBench bench = new(s =>
        {
            s.AddHttpClient("file").AddDpop(o => o.KeyFile = directory["key"]);
            s.AddHttpClient("process").AddDpop();
        });
        DpopKeyRing ring = bench.Ring;
        string thumbprint = ring.Get("file").Thumbprint;
        await bench.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => ring.Get("process"));
        Assert.Throws<ObjectDisposedException>(() => ring.Rotate("process"));
        Assert.Throws<ObjectDisposedException>(() => ring.Rotate("file"));
        using DpopKey onDisk = new DpopKeyFile(directory["key"]).Open();
        Assert.Equal(thumbprint, onDisk.Thumbprint);
        using DpopKey next = new DpopKeyFile(directory["key"]).Rotate();
        Assert.Throws<ObjectDisposedException>(() => ring.Find("file", next.Thumbprint));
    }

    [Fact]
    public void The_users_of_a_ring_cannot_end_it() => Assert.False(typeof(DpopKeyRing).IsAssignableTo(typeof(IDisposable)));

    [Fact]
    public async Task A_former_process_key_that_nothing_holds_can_be_collected()
    {
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("a").AddDpop();
            s.AddHttpClient("b").AddDpop(o => o.KeyName = "a");
        });
        using HttpClient a = bench.Client("a");
        using HttpClient b = bench.Client("b");
        (WeakReference former, string thumbprint) = RotateAway(bench.Ring, a, b);
        for (int i = 0; i < 10 && former.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(former.IsAlive);
        Assert.Null(bench.Ring.Find("a", thumbprint));
    }

    [Fact]
    public async Task A_former_process_key_that_something_holds_is_found()
    {
        await using RingBench bench = new(s => s.AddHttpClient("a").AddDpop());
        DpopKey former = bench.Ring.Get("a");
        bench.Ring.Rotate("a");
        bench.Ring.Rotate("a");
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Same(former, bench.Ring.Find("a", former.Thumbprint));
        _ = DpopProof.Create(former, HttpMethod.Get, RingBench.Api);
        GC.KeepAlive(former);
    }

    /// <summary>On a stack frame of its own, which no register outlives.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Former, string Thumbprint) RotateAway(DpopKeyRing ring, params HttpClient[] clients)
    {
        DpopKey former = ring.Get("a");
        SendAll();
        ring.Rotate("a");
        Assert.Same(former, ring.Find("b", former.Thumbprint));
        SendAll();
        return (new WeakReference(former), former.Thumbprint);

        void SendAll()
        {
            foreach (HttpClient client in clients)
            {
                using HttpRequestMessage request = new(HttpMethod.Get, RingBench.Api) { Headers = { { "Authorization", "DPoP token" } } };
                using HttpResponseMessage response = client.Send(request);
            }
        }
    }

    /// <summary>Rotates the file once and gives the former key's thumbprint.</summary>
    private static string Rotated(string path)
    {
        DpopKeyFile file = new(path);
        using DpopKey former = file.Open();
        using DpopKey current = file.Rotate();
        return former.Thumbprint;
    }

    private static void AssertEnded(DpopKey key)
    {
        DpopException exception = Assert.Throws<DpopException>(() => DpopProof.Create(key, HttpMethod.Get, RingBench.Api));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.Contains(key.Thumbprint, exception.Message, StringComparison.Ordinal);
    }
}
