using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tests.KeyRing;

/// <summary>What happens to one name reads the options of that name, however many clients there are. Counted, not timed.</summary>
public class OptionReadsTests
{
    private readonly ConcurrentQueue<string> _reads = [];

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    public async Task The_options_of_each_client_are_read_once_at_start_and_a_rotation_reads_none(int clients)
    {
        ReloadableSettings settings = new(("Dpop:KeyAlgorithm", "ES256"));
        await using RingBench bench = new(s =>
        {
            s.AddDpopKey("shared", _ => { });
            s.AddHttpClient("reloaded").AddDpop(settings.Section());
            s.AddHttpClient("sharer").AddDpop(o => o.KeyName = "shared");
            for (int i = 3; i <= clients; i++)
            {
                s.AddHttpClient($"client-{i}").AddDpop();
            }

            s.AddSingleton<IPostConfigureOptions<DpopOptions>>(new Counter(_reads));
        });
        bench.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal(clients, _reads.Count);
        Assert.Equal(clients, _reads.Distinct().Count());

        _reads.Clear();
        string other = bench.Ring.Get("client-7").Thumbprint;
        DpopKey own = bench.Ring.Get("reloaded");
        Assert.NotEqual(bench.Ring.Get("sharer").Thumbprint, bench.Ring.Rotate("sharer").Thumbprint);
        bench.Ring.Rotate("client-5");
        Assert.Equal(other, bench.Ring.Get("client-7").Thumbprint);
        Assert.Empty(_reads);

        settings.Change(("Dpop:KeyAlgorithm", "ES384"));
        Assert.NotEqual(own.Thumbprint, bench.Ring.Get("reloaded").Thumbprint);
        Assert.Equal(["reloaded"], _reads);
    }

    [Fact]
    public async Task A_change_of_a_shared_key_reads_no_clients_options()
    {
        using KeyDirectory directory = new();
        ReloadableSettings settings = new(("Key:File", directory["one"]));
        await using RingBench bench = new(s =>
        {
            s.AddDpopKey("shared", settings.Section("Key"));
            for (int i = 0; i < 10; i++)
            {
                s.AddHttpClient($"client-{i}").AddDpop(o => o.KeyName = "shared");
            }

            s.AddSingleton<IPostConfigureOptions<DpopOptions>>(new Counter(_reads));
        });
        DpopKey[] before = [.. Enumerable.Range(0, 10).Select(i => bench.Ring.Get($"client-{i}"))];
        _reads.Clear();
        settings.Change(("Key:File", directory["two"]));
        DpopKey[] after = [.. Enumerable.Range(0, 10).Select(i => bench.Ring.Get($"client-{i}"))];
        Assert.NotSame(Assert.Single(before.Distinct()), Assert.Single(after.Distinct()));
        Assert.Equal("shared", Assert.Single(bench.Logged("KeyChanged")).GetStructuredStateValue("Name"));
        Assert.Empty(_reads);

        settings.Change(("Key:File", directory.Break("broken")));
        Assert.Same(after[0], bench.Ring.Get("client-0"));
        Assert.Equal("shared", Assert.Single(bench.Logged("KeyChangeFailed")).GetStructuredStateValue("Name"));
        settings.Change(("Key:Fiel", "x"));
        Assert.Same(after[0], bench.Ring.Get("client-0"));
        Assert.Equal("shared", Assert.Single(bench.Logged("OptionsRefused")).GetStructuredStateValue("Name"));
    }

    [Fact]
    public async Task A_change_of_the_defaults_reads_the_options_of_all_that_are_in_use()
    {
        ReloadableSettings settings = new(("Dpop:KeyAlgorithm", "ES256"));
        await using RingBench bench = new(s =>
        {
            s.ConfigureHttpClientDefaults(b => b.AddDpop(settings.Section()));
            s.AddSingleton<IPostConfigureOptions<DpopOptions>>(new Counter(_reads));
        });
        _ = (bench.Ring.Get("a"), bench.Ring.Get("b"));
        _reads.Clear();
        settings.Change(("Dpop:KeyAlgorithm", "ES384"));
        Assert.Equal(["a", "b"], _reads.Order());
        Assert.Equal(["ES384", "ES384"], [bench.Ring.Get("a").Algorithm, bench.Ring.Get("b").Algorithm]);
    }

    private sealed class Counter(ConcurrentQueue<string> reads) : IPostConfigureOptions<DpopOptions>
    {
        public void PostConfigure(string? name, DpopOptions options) => reads.Enqueue(name!);
    }
}
