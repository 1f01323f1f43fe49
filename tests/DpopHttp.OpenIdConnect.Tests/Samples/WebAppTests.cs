using System.Text.Json;

namespace DpopHttp.OpenIdConnect.Tests.Samples;

/// <summary>samples/WebApp, samples/SignInServer and samples/Api as processes of their own, and two people in Chromium.</summary>
public sealed class WebAppTests
{
    [Fact]
    public async Task Two_users_order_outlive_their_tokens_and_sign_out()
    {
        string chromium = SampleProcesses.DemandChromium();
        using SampleProcesses samples = new();
        string server = SampleProcesses.FreeAddress(), api = SampleProcesses.FreeAddress(), app = SampleProcesses.FreeAddress();
        await samples.StartAsync("SignInServer", $"--Urls={server}", "--TokenSeconds=5");
        await samples.StartAsync("Api", $"--Urls={api}", $"--Authority={server}", "--Dpop:Nonces=Required");
        await samples.StartAsync("WebApp", $"--Urls={app}", $"--Authority={server}", $"--Api={api}");

        JsonElement[] seen = [.. (await samples.BrowseAsync("sign-in.mjs", app, chromium)).EnumerateArray()];

        Assert.Equal(["alice", "bob"], seen.Select(user => user.GetProperty("name").GetString()));
        Assert.All(seen, user =>
        {
            Assert.All(user.GetProperty("statuses").EnumerateArray(), status => Assert.Equal(200, status.GetInt32()));
            Assert.Contains("flat white", user.GetProperty("list").ToString());
            Assert.Contains("green tea", user.GetProperty("list").ToString());
            Assert.DoesNotContain(".AspNetCore.cookie", user.GetProperty("cookies").ToString());
            Assert.EndsWith(" orders", user.GetProperty("exported").GetString());
        });
    }
}
