using DpopHttp.KeyRing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tests.KeyRing;

/// <summary>Options by name are those that the platform's factory makes, by the same setups in the same order.</summary>
public class NamedSetupsTests
{
    [Theory]
    [InlineData("one")]
    [InlineData("two")]
    [InlineData("nobody's")]
    [InlineData("")]
    public void Setups_of_every_kind_are_called_as_by_the_platform(string name)
    {
        List<string> calls = [];
        ServiceCollection services = new();
        void Add(string client)
        {
            services.AddOptions<DpopOptions>(client).Configure(_ => calls.Add($"{client} configure")).Configure<IServiceProvider>((_, _) => calls.Add($"{client} with services"))
                .Configure<IServiceProvider, IServiceScopeFactory>((_, _, _) => calls.Add($"{client} with two")).PostConfigure(_ => calls.Add($"{client} post"))
                .PostConfigure<IServiceProvider>((_, _) => calls.Add($"{client} post with services")).Validate(_ => { calls.Add($"{client} validate"); return true; });
        }

        Add("one");
        services.ConfigureAll<DpopOptions>(_ => calls.Add("all"));
        services.AddSingleton<IConfigureOptions<DpopOptions>>(new ForEveryName(calls));
        Add("two");
        services.Configure<DpopOptions>(_ => calls.Add("default"));
        services.PostConfigureAll<DpopOptions>(_ => calls.Add("post all"));
        services.Configure<DpopOptions>("two", _ => calls.Add("two again"));
        services.Configure<DpopOptions>("one", new ConfigurationBuilder().AddInMemoryCollection([new("KeyName", "bound")]).Build());
        services.AddSingleton<NamedSetups<DpopOptions>>();
        using ServiceProvider provider = services.BuildServiceProvider();

        DpopOptions expected = provider.GetRequiredService<IOptionsFactory<DpopOptions>>().Create(name);
        string[] byPlatform = [.. calls];
        calls.Clear();
        DpopOptions options = provider.GetRequiredService<NamedSetups<DpopOptions>>().Create(name);
        Assert.Equal(byPlatform, calls);
        Assert.Equal(expected.KeyName, options.KeyName);
        Assert.Contains("all", calls);
    }

    /// <summary>It has a name, and doesn't go by it.</summary>
    private sealed class ForEveryName(List<string> calls) : ConfigureNamedOptions<DpopOptions>("one", null)
    {
        public override void Configure(string? name, DpopOptions options) => calls.Add($"every name: {name}");
    }
}
