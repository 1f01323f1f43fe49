using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tests.Keys.Ring;

/// <summary>Which clients sign with one key.</summary>
public class KeySharingTests
{
    [Fact]
    public async Task Named_and_typed_clients_with_one_key_name_share_a_key()
    {
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("a").AddDpop(o => o.KeyName = "shared");
            s.AddHttpClient("b").AddDpop(o => o.KeyName = "shared");
            s.AddHttpClient<TypedClient>().AddDpop(o => o.KeyName = "shared");
        });
        await bench.Services.GetRequiredService<TypedClient>().GetAsync();
        string typed = RingBench.SignerOf(bench.Proofs[^1]);
        Assert.Equal([typed, typed], [await bench.SignerAsync("a"), await bench.SignerAsync("b")]);
        Assert.Same(bench.Ring.Get("a"), bench.Ring.Get(nameof(TypedClient)));
        Assert.Single(bench.Logged("KeyMade"));
    }

    [Theory]
    [InlineData("b", "a")]
    [InlineData("a", "b")]
    public async Task A_key_name_that_is_another_clients_name_means_that_clients_key(string first, string second)
    {
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("a").AddDpop();
            s.AddHttpClient("b").AddDpop(o => o.KeyName = "a");
        });
        Assert.Equal(await bench.SignerAsync(first), await bench.SignerAsync(second));
        Assert.Same(bench.Ring.Get("a"), bench.Ring.Get("b"));
    }

    [Fact]
    public async Task Clients_that_say_nothing_and_those_with_other_names_have_keys_of_their_own()
    {
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("a").AddDpop();
            s.AddHttpClient("b").AddDpop();
            s.AddHttpClient("c").AddDpop(o => o.KeyName = "one");
            s.AddHttpClient("d").AddDpop(o => o.KeyName = "One");
        });
        string[] signers = [await bench.SignerAsync("a"), await bench.SignerAsync("b"), await bench.SignerAsync("c"), await bench.SignerAsync("d")];
        Assert.Equal(4, signers.Distinct().Count());
    }

    [Theory]
    [InlineData("says", "relies")]
    [InlineData("relies", "says")]
    public async Task One_client_names_the_file_and_the_other_only_the_key(string first, string second)
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("relies").AddDpop(o => o.KeyName = "shared");
            s.AddHttpClient("says").AddDpop(o => (o.KeyName, o.KeyFile) = ("shared", directory["key"]));
        });
        Assert.Equal(await bench.SignerAsync(first), await bench.SignerAsync(second));
        using DpopKey onDisk = new DpopKeyFile(directory["key"]).Open();
        Assert.Equal(onDisk.Thumbprint, await bench.SignerAsync("relies"));
        Assert.Empty(bench.Logged("KeyMade"));
        Assert.Contains(onDisk.Thumbprint, Assert.Single(bench.Logged("KeyFileOpened")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("says", "relies")]
    [InlineData("relies", "says")]
    public async Task One_client_gives_the_key_and_the_other_only_names_it(string first, string second)
    {
        using DpopKey key = DpopKey.Generate();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("relies").AddDpop(o => o.KeyName = "says");
            s.AddHttpClient("says").AddDpop(o => o.Key = key);
        });
        Assert.Equal([key.Thumbprint, key.Thumbprint], [await bench.SignerAsync(first), await bench.SignerAsync(second)]);
    }

    [Theory]
    [InlineData("says", "relies")]
    [InlineData("relies", "says")]
    public async Task One_client_says_the_algorithm_and_the_other_only_names_the_key(string first, string second)
    {
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("relies").AddDpop(o => o.KeyName = "shared");
            s.AddHttpClient("says").AddDpop(o => (o.KeyName, o.KeyAlgorithm) = ("shared", "ES384"));
        });
        Assert.Equal("ES384", bench.Ring.Get(first).Algorithm);
        Assert.Same(bench.Ring.Get(first), bench.Ring.Get(second));
    }

    [Fact]
    public async Task Clients_with_one_file_share_the_key_without_a_name()
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("a").AddDpop(o => o.KeyFile = directory["key"]);
            s.AddHttpClient("b").AddDpop(o => o.KeyFile = directory["./x/../key"]);
            s.AddHttpClient("c").AddDpop(o => o.KeyFile = directory["other"]);
        });
        string a = await bench.SignerAsync("a");
        Assert.Equal(a, await bench.SignerAsync("b"));
        Assert.Same(bench.Ring.Get("a"), bench.Ring.Get("b"));
        Assert.NotEqual(a, await bench.SignerAsync("c"));
    }

    [Fact]
    public async Task The_key_outlives_the_handlers()
    {
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("a").AddDpop(o => o.KeyName = "shared").SetHandlerLifetime(TimeSpan.FromSeconds(1));
            s.AddHttpClient("b").AddDpop(o => o.KeyName = "shared");
        });
        IHttpMessageHandlerFactory factory = bench.Services.GetRequiredService<IHttpMessageHandlerFactory>();
        string before = await bench.SignerAsync("a");
        DpopHandler first = Dpop(factory.CreateHandler("a"));

        // The factory's expiry takes no clock from outside.
        for (int i = 0; i < 100 && ReferenceEquals(first, Dpop(factory.CreateHandler("a"))); i++)
        {
            await Task.Delay(100);
        }

        Assert.NotSame(first, Dpop(factory.CreateHandler("a")));
        Assert.Equal([before, before], [await bench.SignerAsync("a"), await bench.SignerAsync("b")]);
    }

    [Fact]
    public async Task A_key_name_on_the_defaults_is_every_clients()
    {
        await using RingBench bench = new(s =>
        {
            s.ConfigureHttpClientDefaults(b => b.AddDpop(o => o.KeyName = "shared"));
            s.AddHttpClient("a");
            s.AddHttpClient("b").AddDpop(o => o.AllowInsecureHttp = true);
            s.AddHttpClient<TypedClient>();
        });
        await bench.Services.GetRequiredService<TypedClient>().GetAsync();
        string typed = RingBench.SignerOf(bench.Proofs[^1]);
        Assert.Equal([typed, typed, typed], [await bench.SignerAsync("a"), await bench.SignerAsync("b"), await bench.SignerAsync("never-registered")]);
    }

    [Fact]
    public async Task Two_keys_under_one_name_are_a_fault_without_a_host_too()
    {
        using DpopKey one = DpopKey.Generate();
        using KeyDirectory directory = new();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("orders").AddDpop(o => (o.KeyName, o.Key) = ("shared", one));
            s.AddHttpClient("billing").AddDpop(o => (o.KeyName, o.KeyFile) = ("shared", directory["key"]));
            s.AddHttpClient("third").AddDpop(o => o.KeyName = "shared");
            s.AddHttpClient("apart").AddDpop();
        });
        foreach (string client in (string[])["orders", "billing", "third"])
        {
            DpopException exception = Assert.Throws<DpopException>(() => bench.Ring.Get(client));
            Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
            Assert.Contains("'orders' and 'billing' share the key name 'shared'", exception.Message, StringComparison.Ordinal);
            Assert.Throws<OptionsValidationException>(() => bench.Client(client));
        }

        Assert.False(File.Exists(directory["key"]));
        _ = await bench.SignerAsync("apart");
    }

    [Fact]
    public async Task Faulty_options_of_another_client_are_that_clients_trouble()
    {
        using KeyDirectory directory = new();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("faulty").AddDpop(o => (o.KeyName, o.KeyAlgorithm) = ("shared", "none"));
            s.AddHttpClient("says").AddDpop(o => (o.KeyName, o.KeyFile) = ("shared", directory["key"]));
            s.AddHttpClient("relies").AddDpop(o => o.KeyName = "shared");
        });
        Assert.Throws<OptionsValidationException>(() => bench.Ring.Get("faulty"));
        Assert.NotEmpty(await bench.SignerAsync("says"));

        // Whoever says nothing of the key has it from the others, and does not guess while one of them cannot be read.
        Assert.Throws<OptionsValidationException>(() => bench.Ring.Get("relies"));
    }

    private sealed class TypedClient(HttpClient http)
    {
        public async Task GetAsync()
        {
            using HttpResponseMessage response = await http.GetAsync(RingBench.Api);
        }
    }

    private static DpopHandler Dpop(HttpMessageHandler handler)
    {
        while (handler is not DpopHandler)
        {
            handler = ((DelegatingHandler)handler).InnerHandler!;
        }

        return (DpopHandler)handler;
    }
}
