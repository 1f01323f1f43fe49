using System.Net;
using DpopHttp.OpenIdConnect.Tests.Support;
using DpopHttp.Tokens.Tests.Sharing;

namespace DpopHttp.OpenIdConnect.Tests.Instances;

/// <summary>Two instances of a web app, each in a process of its own, over one real Redis.</summary>
public sealed class TwoProcessesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_calls_at_two_instances_after_expiry_cost_one_renewal(bool keyPerSession)
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using Site site = await Site.StartAsync();
        string folder = Directory.CreateTempSubdirectory().FullName;
        using WebAppProcess first = await WebAppProcess.StartAsync(site, redis.Configuration, folder, keyPerSession);
        using WebAppProcess second = await WebAppProcess.StartAsync(site, redis.Configuration, folder, keyPerSession);
        using Visitor atFirst = first.Open();
        Assert.Equal("alice", await atFirst.ReadAsync("/in"));
        using Visitor atSecond = atFirst.Copy(second.Address);
        Assert.Contains("alice", await atFirst.ReadAsync("/call"));
        Assert.Contains("alice", await atSecond.ReadAsync("/call"));
        await atFirst.ReadAsync("/sent");
        await atSecond.ReadAsync("/sent");

        // The user stays for hours: each time both instances find the token expired at once.
        for (int i = 0; i < 3; i++)
        {
            TimeSpan step = Site.TokenLifetime + TimeSpan.FromMinutes(1);
            await Task.WhenAll(site.OutliveTokensAsync(), first.AdvanceAsync(step), second.AdvanceAsync(step));
            (HttpStatusCode Status, string Text)[] answers = await Task.WhenAll(
                Enumerable.Range(0, 10).Select(call => (call % 2 == 0 ? atFirst : atSecond).OpenAsync("/call", isPage: false)));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
            string[] sent = [.. (await atFirst.ReadAsync("/sent")).Split('\n'), .. (await atSecond.ReadAsync("/sent")).Split('\n')];
            Assert.Single(sent, "POST /token 200");
            Assert.Single(sent, "POST /token 400");
            Assert.Equal(10, sent.Count(line => line == "GET /me 200"));
        }

        await atSecond.ReadAsync("/out");
        Assert.Contains("POST /token/revocation 200", await atSecond.ReadAsync("/sent"));
        await first.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await atFirst.OpenAsync("/call", isPage: false)).Status);
        Directory.Delete(folder, recursive: true);
    }
}
