using DpopHttp.Tests.KeyRing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tests.DependencyInjection;

/// <summary>A key's name is defined once. Whatever else is said is told when the host starts, and without a host at first use.</summary>
public class KeyNameTests
{
    public static TheoryData<string, Action<IServiceCollection>, string[]> Faulty => new()
    {
        {
            "orders",
            s =>
            {
                s.AddDpopKey("orders-key", _ => { });
                s.AddHttpClient("orders").AddDpop(o => o.KeyName = "oders-key");
            },
            ["The client 'orders' names the key 'oders-key', which isn't defined. Did you mean 'orders-key'?", "AddDpopKey(\"oders-key\", ...)"]
        },
        { "orders", s => s.AddHttpClient("orders").AddDpop(o => (o.KeyName, o.KeyFile, o.KeyAlgorithm) = ("shared", "key.json", "ES256")), ["KeyName is 'shared', and KeyFile, KeyAlgorithm is set too"] },
        { "orders", s => s.AddHttpClient("orders").AddDpop(o => o.KeyName = " "), ["KeyName is empty"] },
        {
            "orders",
            s =>
            {
                s.AddDpopKey("orders", _ => { });
                s.AddHttpClient("orders").AddDpop(o => o.KeyAlgorithm = "ES384");
            },
            ["The key 'orders' is defined twice: by AddDpopKey, and by KeyAlgorithm of the client 'orders'"]
        },
        {
            "orders",
            s =>
            {
                s.AddHttpClient("orders").AddDpop(o => o.KeyName = "billing");
                s.AddHttpClient("billing").AddDpop(o => o.KeyName = "orders");
            },
            ["name each other's keys"]
        },
        {
            "orders",
            s =>
            {
                s.AddHttpClient("plain");
                s.AddHttpClient("orders").AddDpop(o => o.KeyName = "plain");
            },
            ["'plain', which isn't defined"]
        },
        {
            "orders",
            s =>
            {
                s.ConfigureHttpClientDefaults(b => b.AddDpop(o => o.KeyName = "shraed"));
                s.AddDpopKey("shared", _ => { });
            },
            ["The defaults of all clients name the key 'shraed', which isn't defined. Did you mean 'shared'?|The client 'orders' names the key 'shraed', which isn't defined. Did you mean 'shared'?"]
        },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public async Task A_faulty_name_stops_the_host(string client, Action<IServiceCollection> configure, string[] faults)
    {
        _ = client;
        using IHost host = Build(configure);
        Exception exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        Assert.All(faults, fault => Assert.Contains(fault.Split('|')[0], exception.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Faulty))]
    public async Task A_faulty_name_is_an_error_without_a_host_when_the_client_is_made(string client, Action<IServiceCollection> configure, string[] faults)
    {
        await using RingBench bench = new(configure);
        foreach (OptionsValidationException exception in (OptionsValidationException[])
            [Assert.ThrowsAny<OptionsValidationException>(() => bench.Client(client)), Assert.ThrowsAny<OptionsValidationException>(() => bench.Ring.Get(client))])
        {
            Assert.All(faults, fault => Assert.Contains(fault.Split('|')[^1], exception.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_key_that_is_added_twice_stops_the_host()
    {
        using IHost host = Build(s => s.AddDpopKey("orders", _ => { }).AddDpopKey("orders", _ => { }).AddDpopKey("other", _ => { }));
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("The key 'orders' is defined twice by AddDpopKey", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_faults_of_a_keys_options_stop_the_host_by_the_names_that_they_have_there()
    {
        using DpopKey key = DpopKey.Generate();
        using IHost host = Build(s => s.AddDpopKey("orders", o => (o.Key, o.File, o.Algorithm) = (key, " ", "none")));
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Equal("orders", exception.OptionsName);
        string[] faults = ["Key and File are both set", "File is empty", "Algorithm is 'none'", "Key is for ES256, but Algorithm is none"];
        Assert.Equal(faults.Length, exception.Failures.Count());
        Assert.All(faults, fault => Assert.Contains($"AddDpopKey for the key 'orders': {fault}", exception.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("oders", "Did you mean 'orders'?")]
    [InlineData("Orders", "Did you mean 'orders'?")]
    [InlineData("something-else", "No client 'something-else' uses DPoP. The name is the one that AddHttpClient was called with")]
    [InlineData("plain", "No client 'plain' uses DPoP.")]
    [InlineData("removed", "No client 'removed' uses DPoP.")]
    [InlineData(nameof(Typed), "No client 'Typed' uses DPoP. Did you mean 'ITyped'? The name is the one that AddHttpClient was called with; for a typed client it is the name of the first type argument.")]
    public async Task The_ring_has_no_key_for_a_client_that_nobody_registered(string client, string text)
    {
        using DpopKey key = DpopKey.Generate();
        await using RingBench bench = new(s =>
        {
            s.AddHttpClient("orders").AddDpop();
            s.AddHttpClient("plain");
            s.AddHttpClient("removed").AddDpop().RemoveDpop();
            s.AddHttpClient<ITyped, Typed>().AddDpop();
        });
        foreach (Action use in (Action[])
            [() => bench.Ring.Get(client), () => bench.Ring.Rotate(client), () => bench.Ring.Replace(client, key), () => bench.Ring.Find(client, key.Thumbprint)])
        {
            InvalidOperationException exception = Assert.Throws<InvalidOperationException>(use);
            Assert.Contains(text, exception.Message, StringComparison.Ordinal);
        }

        Assert.Empty(bench.Logged("KeyMade"));
    }

    [Fact]
    public void AddDpopKey_nulls_and_empty_names_throw()
    {
        ServiceCollection services = new();
        Assert.Throws<ArgumentNullException>("services", () => ((IServiceCollection)null!).AddDpopKey("a", _ => { }));
        Assert.Throws<ArgumentNullException>("name", () => services.AddDpopKey(null!, _ => { }));
        Assert.Throws<ArgumentException>("name", () => services.AddDpopKey(" ", _ => { }));
        Assert.Throws<ArgumentNullException>("configure", () => services.AddDpopKey("a", (Action<DpopKeyOptions>)null!));
        Assert.Throws<ArgumentNullException>("configure", () => services.AddDpopKey("a", (Action<DpopKeyOptions, IServiceProvider>)null!));
        Assert.Throws<ArgumentNullException>("section", () => services.AddDpopKey("a", (Microsoft.Extensions.Configuration.IConfigurationSection)null!));
        Assert.Same(services, services.AddDpopKey("a", _ => { }));
    }

    private interface ITyped;

    private sealed class Typed : ITyped
    {
        public Typed(HttpClient http) => ArgumentNullException.ThrowIfNull(http);
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        configure(builder.Services);
        return builder.Build();
    }
}
