using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tests.KeyRing;

/// <summary>Which clients sign with one key.</summary>
public class KeySharingTests
{
    [Fact]
    public async Task Named_and_typed_clients_with_one_key_name_share_a_key()
    {
        await using RingBench bench = new(s =>
        {
            s.AddDpopKey("shared", _ => { });
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
            s.AddDpopKey("one", _ => { }).AddDpopKey("One", _ => { });
            s.AddHttpClient("c").AddDpop(o => o.KeyName = "one");
            s.AddHttpClient("d").AddDpop(o => o.KeyName = "One");
        });
        string[] signers = [await bench.SignerAsync("a"), await bench.SignerAsync("b"), await bench.SignerAsync("c"), await bench.SignerAsync("d")];
        Assert.Equal(4, signers.Distinct().Count());
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public async Task Clients_that_are_each_given_a_generated_key_are_logged(int clients, int expected)
    {
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("read").AddDpop(o => o.Key = LocalKey());
            s.AddHttpClient("own").AddDpop();
            foreach (string name in Enumerable.Range(0, clients).Select(i => $"generated {i}"))
            {
                s.AddHttpClient(name).AddDpop(o => o.Key = DpopKey.Generate());
            }
        });
        foreach (string name in (string[])["read", "own", .. Enumerable.Range(0, clients).Select(i => $"generated {i}")])
        {
            _ = await bench.SignerAsync(name);
        }

        Assert.Equal(expected, bench.Logged("GeneratedKeysDiffer").Count);
        Assert.All(bench.Logged("GeneratedKeysDiffer"), record => Assert.StartsWith("'generated 1' and 'generated 0' were each given a key", record.Message, StringComparison.Ordinal));

        static DpopKey LocalKey()
        {
            using DpopKey generated = DpopKey.Generate();
            return DpopKey.FromJwk(generated.ExportPrivateJwk());
        }
    }

    [Theory]
    [InlineData("says", "relies", true)]
    [InlineData("relies", "says", false)]
    public async Task One_client_names_the_file_and_the_other_only_the_key(string first, string second, bool isThere)
    {
        using KeyDirectory directory = new();
        if (isThere)
        {
            new DpopKeyFile(directory["key"]).Open().Dispose();
        }

        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("relies").AddDpop(o => o.KeyName = "says");
            s.AddHttpClient("says").AddDpop(o => o.KeyFile = directory["key"]);
        });
        Assert.Equal(await bench.SignerAsync(first), await bench.SignerAsync(second));
        using DpopKey onDisk = new DpopKeyFile(directory["key"]).Open();
        Assert.Equal(onDisk.Thumbprint, await bench.SignerAsync("relies"));
        Assert.Empty(bench.Logged("KeyMade"));
        Assert.Contains(onDisk.Thumbprint, Assert.Single(bench.Logged(isThere ? "KeyFileOpened" : "KeyFileMade")).Message, StringComparison.Ordinal);
        Assert.Empty(bench.Logged(isThere ? "KeyFileMade" : "KeyFileOpened"));
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
            s.AddHttpClient("relies").AddDpop(o => o.KeyName = "says");
            s.AddHttpClient("says").AddDpop(o => o.KeyAlgorithm = "ES384");
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
            s.AddHttpClient("a").AddDpop().SetHandlerLifetime(TimeSpan.FromSeconds(1));
            s.AddHttpClient("b").AddDpop(o => o.KeyName = "a");
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
            s.AddDpopKey("shared", _ => { });
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
    public async Task A_key_of_a_client_on_the_defaults_is_every_clients()
    {
        await using RingBench bench = new(s =>
        {
            s.ConfigureHttpClientDefaults(b => b.AddDpop(o => o.KeyName = "orders"));
            s.AddHttpClient("orders").AddDpop(o => o.KeyAlgorithm = "ES384");
        });
        Assert.Same(bench.Ring.Get("orders"), bench.Ring.Get("any"));
        Assert.Equal("ES384", bench.Ring.Get("any").Algorithm);
    }

    [Fact]
    public async Task A_client_that_is_called_like_a_key_uses_it_and_one_that_names_the_client_does_too()
    {
        using DpopKey key = DpopKey.Generate();
        await using RingBench bench = new(s =>
        {
            s.AddDpopKey("orders", k => k.Key = key);
            s.AddHttpClient("orders").AddDpop();
            s.AddHttpClient("identity").AddDpop(o => o.KeyName = "orders");
        });
        Assert.Equal([key, key], [bench.Ring.Get("orders"), bench.Ring.Get("identity")]);
    }

    [Fact]
    public async Task A_client_that_names_one_that_names_a_key_uses_that_key()
    {
        using DpopKey key = DpopKey.Generate();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("third").AddDpop(o => o.KeyName = "second");
            s.AddHttpClient("second").AddDpop(o => o.KeyName = "first");
            s.AddHttpClient("first").AddDpop(o => o.KeyName = "key");
            s.AddDpopKey("key", k => k.Key = key);
        });
        Assert.Same(key, bench.Ring.Get("third"));
    }

    [Fact]
    public async Task Faulty_options_of_another_client_are_that_clients_trouble()
    {
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("faulty").AddDpop(o => o.KeyAlgorithm = "none");
            s.AddHttpClient("names-it").AddDpop(o => o.KeyName = "faulty");
            s.AddHttpClient("apart").AddDpop();
        });
        Assert.Throws<OptionsValidationException>(() => bench.Ring.Get("faulty"));
        Assert.Throws<OptionsValidationException>(() => bench.Ring.Get("names-it"));
        Assert.NotEmpty(await bench.SignerAsync("apart"));
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
