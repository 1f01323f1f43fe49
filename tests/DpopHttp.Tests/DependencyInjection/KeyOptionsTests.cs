using DpopHttp.Tests.KeyRing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tests.DependencyInjection;

/// <summary>What the options say about the key, and what they may not say.</summary>
public class KeyOptionsTests
{
    private static readonly DpopKeyProtection Protection = new(plain => plain, sealedKey => sealedKey);

    public static TheoryData<Action<DpopOptions, DpopKey>, string[]> Faulty => new()
    {
        { (o, key) => (o.Key, o.KeyFile) = (key, "key.json"), ["Key and KeyFile are both set"] },
        { (o, _) => o.KeyFile = "", ["KeyFile is empty"] },
        { (o, _) => o.KeyFile = "  ", ["KeyFile is empty"] },
        { (o, _) => o.KeyFileProtection = Protection, ["KeyFileProtection is set without KeyFile"] },
        { (o, _) => o.KeyFileProtection = DpopKeyProtection.FromPassphrase("p"), ["KeyFileProtection is set without KeyFile"] },
        { (o, _) => o.KeyAlgorithm = "HS256", ["KeyAlgorithm is 'HS256': use one of ES256, "] },
        { (o, _) => o.KeyAlgorithm = "es256", ["KeyAlgorithm is 'es256'"] },
        { (o, key) => (o.Key, o.KeyAlgorithm) = (key, "PS256"), ["Key is for ES256, but KeyAlgorithm is PS256"] },
        {
            (o, key) => (o.Key, o.KeyFile, o.KeyFileProtection, o.KeyAlgorithm, o.BearerTokens) = (key, " ", Protection, "none", (BearerTokenHandling)9),
            [
                "Key and KeyFile are both set", "KeyFile is empty",
                "KeyAlgorithm is 'none'", "Key is for ES256, but KeyAlgorithm is none", "BearerTokens is 9",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Faulty))]
    public async Task Faulty_options_stop_the_host_with_all_their_faults(Action<DpopOptions, DpopKey> configure, string[] faults)
    {
        using DpopKey key = DpopKey.Generate();
        Exception exception = await StartAsync(s => s.AddHttpClient("api").AddDpop(o => configure(o, key)));
        OptionsValidationException validation = Assert.IsType<OptionsValidationException>(exception);
        Assert.Equal("api", validation.OptionsName);
        Assert.Equal(faults.Length, validation.Failures.Count());
        Assert.All(faults, fault => Assert.Contains(fault, validation.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Faulty_options_are_an_ArgumentException_without_a_container()
    {
        using DpopKey key = DpopKey.Generate();
        DpopOptions options = new() { KeyFileProtection = Protection, KeyAlgorithm = "none" };
        ArgumentException exception = Assert.Throws<ArgumentException>("options", () => new DpopHandler(key, options));
        string[] faults = ["is set without KeyFile", "KeyAlgorithm is 'none'"];
        Assert.All(faults, fault => Assert.Contains(fault, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_faults_of_all_clients_are_listed_at_once()
    {
        Exception exception = await StartAsync(s =>
        {
            s.AddHttpClient("orders").AddDpop(o => o.KeyAlgorithm = "none");
            s.AddHttpClient("billing").AddDpop(o => o.KeyFile = "");
        });
        IEnumerable<OptionsValidationException> all = Assert.IsType<AggregateException>(exception).InnerExceptions.Cast<OptionsValidationException>();
        Assert.Equal(["billing", "orders"], all.Select(e => e.OptionsName).Order());
        Assert.Contains("AddDpop for the client 'orders': KeyAlgorithm is 'none'", exception.ToString(), StringComparison.Ordinal);
        Assert.Contains("AddDpop for the client 'billing': KeyFile is empty", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void DpopHandler_OptionsThatNameAKeyElsewhere_Throws()
    {
        using DpopKey key = DpopKey.Generate();
        using DpopKey other = DpopKey.Generate();
        foreach (DpopOptions options in (DpopOptions[])[new() { KeyFile = "key.json" }, new() { KeyName = "shared" }, new() { Key = other }])
        {
            ArgumentException exception = Assert.Throws<ArgumentException>("options", () => new DpopHandler(key, options));
            Assert.StartsWith("The options name another key than the argument key", exception.Message, StringComparison.Ordinal);
        }

        using DpopHandler same = new(key, new DpopOptions { Key = key, KeyAlgorithm = "ES256" });
    }

    [Fact]
    public async Task AddDpop_Configuration_BindsWhatSaysTheKey()
    {
        IConfigurationSection section = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Dpop:KeyFile"] = "/var/lib/orders/dpop.pem",
            ["Dpop:KeyAlgorithm"] = "PS384",
            ["Dpop:Sharer:keyname"] = "orders",
            ["Dpop:Key:File"] = "/var/lib/orders/shared.pem",
            ["Dpop:Key:Algorithm"] = "ES512",
        }).Build().GetSection("Dpop");
        ServiceCollection services = new();
        services.AddDpopKey("orders", section.GetSection("Key"));
        services.AddHttpClient("api").AddDpop(o => DpopOptionsSection.Apply(Only(section, "KeyFile", "KeyAlgorithm"), o));
        services.AddHttpClient("mixed").AddDpop(o => o.AllowInsecureHttp = true).AddDpop(section.GetSection("Sharer"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IOptionsMonitor<DpopOptions> monitor = provider.GetRequiredService<IOptionsMonitor<DpopOptions>>();
        DpopOptions options = monitor.Get("api");
        Assert.Equal(("/var/lib/orders/dpop.pem", null, "PS384"), (options.KeyFile, options.KeyName, options.KeyAlgorithm));
        Assert.Equal((null, "orders", true), (monitor.Get("mixed").KeyFile, monitor.Get("mixed").KeyName, monitor.Get("mixed").AllowInsecureHttp));
        DpopKeyOptions key = provider.GetRequiredService<IOptionsMonitor<DpopKeyOptions>>().Get("orders");
        Assert.Equal(("/var/lib/orders/shared.pem", "ES512"), (key.File, key.Algorithm));
    }

    private static IConfigurationSection Only(IConfigurationSection section, params string[] keys) => new ConfigurationBuilder()
        .AddInMemoryCollection(keys.Select(key => KeyValuePair.Create("Only:" + key, section[key])))
        .Build()
        .GetSection("Only");

    private static async Task<Exception> StartAsync(Action<IServiceCollection> configure)
    {
        using IHost host = Build(configure);
        return await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        configure(builder.Services);
        return builder.Build();
    }
}
