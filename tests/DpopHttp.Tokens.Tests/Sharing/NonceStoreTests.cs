using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>What a start costs at the authorization server and at the API, both of which demand nonces, where nonces outlive the process.</summary>
public class NonceStoreTests
{
    private static readonly string[] Challenged = ["POST /token 400", "POST /token 200", "GET /orders 401", "GET /orders 200"];

    private static readonly string[] Known = ["POST /token 200", "GET /orders 200"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_starts_with_the_nonces_of_the_one_before(bool hasStore)
    {
        await using SharingSite site = await SharingSite.StartAsync();
        async Task<string[]> StartAsync(string keyFile)
        {
            int before = site.Arrived.Length;
            using OtherProcess process = await site.StartProcessAsync("orders", site.KeyFile(keyFile), hasStore ? site.KeyFile("nonces.json") : null);
            await process.CallAsync(1);
            return WithoutMetadata(site.Arrived[before..]);
        }

        Assert.Equal(Challenged, await StartAsync("first.jwk"));
        Assert.Equal(hasStore ? Known : Challenged, await StartAsync("second.jwk"));
    }

    [Fact]
    public async Task Instances_share_nonces_over_redis()
    {
        await using SharingSite site = await SharingSite.StartAsync();
        async Task<string[]> StartAsync(string keyFile, bool isPatient = true)
        {
            int before = site.Arrived.Length;
            await site.CallOnceAsync(site.KeyFile(keyFile), services => services.AddSingleton<DpopNonceStore, CacheNonceStore>(), isPatient);
            return WithoutMetadata(site.Arrived[before..]);
        }

        Assert.Equal(Challenged, await StartAsync("first.jwk"));
        Assert.Equal(Known, await StartAsync("second.jwk"));
        await site.Redis.PauseAsync();
        Assert.Equal(Challenged, await StartAsync("third.jwk", isPatient: false));
        await site.Redis.ResumeAsync();
        await site.Redis.KillAsync();
        Assert.Equal(Challenged, await StartAsync("fourth.jwk", isPatient: false));
    }

    [Fact]
    public void The_store_over_a_cache_is_the_one_in_the_documentation()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DpopHttp.sln")))
        {
            folder = folder.Parent!;
        }

        string file = File.ReadAllText(Path.Combine(folder.FullName, "tests/DpopHttp.Tokens.Tests/Sharing/CacheNonceStore.cs"));
        Assert.Contains(file[file.IndexOf("internal sealed", StringComparison.Ordinal)..], File.ReadAllText(Path.Combine(folder.FullName, "docs/configuration.md")), StringComparison.Ordinal);
    }

    private static string[] WithoutMetadata(IEnumerable<string> arrived) => [.. arrived.Where(line => !line.Contains("/.well-known/", StringComparison.Ordinal))];
}
