using DpopHttp.Tests.KeyRing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tests.DependencyInjection;

/// <summary>Keys that are in files are opened, or made, when the host starts.</summary>
public class StartTests
{
    [Fact]
    public async Task A_host_that_starts_has_the_keys_of_its_files_and_makes_no_others()
    {
        using KeyDirectory directory = new();
        new DpopKeyFile(directory["there"]).Open().Dispose();
        using IHost host = Build(s =>
        {
            s.AddFakeLogging();
            s.ConfigureHttpClientDefaults(b => b.AddDpop());
            s.AddDpopKey("shared", k => k.File = directory["shared"]);
            s.AddHttpClient("orders").AddDpop(o => o.KeyFile = directory["orders"]);
            s.AddHttpClient("billing").AddDpop(o => o.KeyName = "orders");
            s.AddHttpClient("there").AddDpop((o, _) => o.KeyFile = directory["there"]);
            s.AddHttpClient("process").AddDpop();
        });
        await host.StartAsync();
        Assert.True(File.Exists(directory["shared"]));
        IEnumerable<string?> logged = host.Services.GetFakeLogCollector().GetSnapshot().Select(r => r.Id.Name).Where(name => name?.StartsWith("Key", StringComparison.Ordinal) == true);
        Assert.Equal(["KeyFileMade", "KeyFileMade", "KeyFileOpened"], logged.Order());
        DpopKeyRing ring = host.Services.GetRequiredService<DpopKeyRing>();
        Assert.Same(ring.Get("billing"), ring.Get("orders"));
        await host.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_cannot_have_its_keys_does_not_start_and_names_them_all(bool missingDirectory)
    {
        using KeyDirectory directory = new();
        string path = missingDirectory ? Path.Combine(directory["not-there"], "key") : directory.Break("key");
        using IHost host = Build(s =>
        {
            s.AddDpopKey("shared", k => k.File = path + "-shared");
            s.AddHttpClient("orders").AddDpop(o => o.KeyFile = path);
            s.AddHttpClient("billing").AddDpop(o => o.KeyFile = directory["good"]);
            directory.Break("key-shared");
        });
        Exception exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        Assert.Contains($"The client 'orders' can't open its key. The key file {path} ", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"The key 'shared' can't be used. The key file {path}-shared ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("billing", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_clients_share_is_a_fault_once()
    {
        using KeyDirectory directory = new();
        string path = directory.Break("key");
        using IHost host = Build(s =>
        {
            s.AddHttpClient("orders").AddDpop(o => o.KeyFile = path);
            s.AddHttpClient("identity").AddDpop(o => o.KeyName = "orders");
        });
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.StartsWith("The client 'orders' can't open its key. ", Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_passphrase_is_missing_does_not_start_and_writes_no_key()
    {
        using KeyDirectory directory = new();
        string? missing = null;
        using IHost host = Build(s => s.AddHttpClient("orders").AddDpop(o => (o.KeyFile, o.KeyFileProtection) = (directory["key"], DpopKeyProtection.FromPassphrase(missing!))));
        Exception exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        Assert.Contains("The passphrase is null", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(directory["key"]));
    }

    [Fact]
    public async Task A_relative_file_is_in_the_content_root()
    {
        using KeyDirectory directory = new();
        string root = Path.GetDirectoryName(directory["x"])!;
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true, ContentRootPath = root });
        builder.Services.AddDpopKey("shared", k => k.File = "shared.jwk");
        builder.Services.AddHttpClient("orders").AddDpop(o => o.KeyFile = "./orders.jwk");
        using IHost host = builder.Build();
        await host.StartAsync();
        Assert.True(File.Exists(directory["shared.jwk"]));
        Assert.True(File.Exists(directory["orders.jwk"]));
        await host.StopAsync();
    }

    [Fact]
    public async Task A_relative_file_is_in_the_working_directory_where_there_is_no_host()
    {
        using KeyDirectory directory = new();
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, directory["key"]);
        await using RingBench bench = new(s => s.AddHttpClient("orders").AddDpop(o => o.KeyFile = relative));
        _ = bench.Ring.Get("orders");
        Assert.True(File.Exists(directory["key"]));
    }

    private static IHost Build(Action<IServiceCollection> configure)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        configure(builder.Services);
        return builder.Build();
    }
}
