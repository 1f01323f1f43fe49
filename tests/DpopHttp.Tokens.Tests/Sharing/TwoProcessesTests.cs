using DpopHttp.Tokens.Tests.Support;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>Two processes and a real Redis between them.</summary>
public class TwoProcessesTests
{
    [Fact]
    public async Task Two_processes_with_one_key_file_share_one_token()
    {
        await using SharingSite site = await SharingSite.StartAsync();
        using OtherProcess first = await site.StartProcessAsync("orders");
        using OtherProcess second = await site.StartProcessAsync("orders/1");
        Assert.Equal(first.Thumbprint, second.Thumbprint);

        await first.CallAsync(5);
        await second.CallAsync(5);
        Assert.Equal(1, site.TokenRequests);
        Assert.Equal(Assert.Single(site.TokensAt("orders")), Assert.Single(site.TokensAt("orders/1")));
    }

    [Fact]
    public async Task Processes_with_different_keys_never_share()
    {
        await using SharingSite site = await SharingSite.StartAsync();
        using OtherProcess first = await site.StartProcessAsync("orders", site.KeyFile("first.jwk"));
        using OtherProcess second = await site.StartProcessAsync("orders/1", site.KeyFile("second.jwk"));
        Assert.NotEqual(first.Thumbprint, second.Thumbprint);

        await first.CallAsync(5);
        await second.CallAsync(5);
        Assert.Equal(2, site.TokenRequests);
        Assert.NotEqual(Assert.Single(site.TokensAt("orders")), Assert.Single(site.TokensAt("orders/1")));
        await using RedisContent redis = await RedisContent.OpenAsync(site.Redis);
        Assert.Equal(2, (await redis.KeysAsync()).Length);
    }
}
