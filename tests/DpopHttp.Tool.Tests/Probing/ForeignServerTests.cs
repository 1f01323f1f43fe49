using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DpopHttp.Interop.Tests.Servers;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.Tests.Support;

namespace DpopHttp.Tool.Tests.Probing;

/// <summary>Resource servers that aren't ours.</summary>
public sealed partial class ForeignServerTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();
    private AuthorizationServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        NodeRequirement.Demand();
        _server = await AuthorizationServer.StartAsync();
        (await _bench.RunAsync("key", "new")).Succeeded();
    }

    public async ValueTask DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? default);
        _bench.Dispose();
    }

    [Fact]
    public async Task Of_express_oauth2_jwt_bearer_the_known_lacks_are_found()
    {
        await using ResourceServer resource = await ResourceServer.StartAsync(_server);
        string secret = _bench.Write("secret", _server.ClientSecret);
        string token = (await _bench.RunAsync(
            "token", "--issuer", _server.Issuer, "--client-id", AuthorizationServer.BasicClient, "--secret-file", secret, "--resource", _server.Resource, "--print")).Succeeded().Word;
        ToolRun run = await _bench.RunAsync("probe", resource.Orders.AbsoluteUri, "--token", token, "--json");
        Assert.True(run.ExitCode is 0 or 1, run.Error);

        // It compares htm without case, and keeps no used proofs.
        Assert.Equal("htmCase, replay", string.Join(", ", FaultsOf(run)));
    }

    [Fact]
    public async Task In_userinfo_of_oidc_provider_nothing_is_found()
    {
        using StringWriter output = new();
        LockedWriter error = new();
        ToolConsole console = new(output, error, TextReader.Null, _bench.Variables.GetValueOrDefault, TimeProvider.System, new Terminal(false, false, false));
        Task<int> login = ToolRunner.RunAsync(
            ["token", "--issuer", _server.Issuer, "--client-id", AuthorizationServer.PublicClient, "--login", "--no-browser", "--scope", "openid", "--print"],
            console,
            TestContext.Current.CancellationToken);
        while (!login.IsCompleted && !AddressPattern().IsMatch(Read(error)))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        using Browser browser = new();
        using HttpClient client = new();
        _ = await client.GetStringAsync(await browser.AuthorizeAsync(new Uri(AddressPattern().Match(Read(error)).Value)), TestContext.Current.CancellationToken);
        Assert.True(await login == 0, Read(error));
        ToolRun run = await _bench.RunAsync("probe", _server.UserInfoEndpoint.AbsoluteUri, "--token", output.ToString().Trim(), "--json");
        Assert.True(run.ExitCode is 0 or 1, run.Error);
        Assert.Empty(FaultsOf(run));
    }

    private static IEnumerable<string> FaultsOf(ToolRun run) => JsonNode.Parse(run.Output)!["findings"]!.AsArray()
        .Where(finding => (string?)finding!["verdict"] == "fault").Select(finding => $"{finding!["id"]}");

    private static string Read(LockedWriter writer)
    {
        lock (writer)
        {
            return writer.ToString();
        }
    }

    [GeneratedRegex(@"http://\S+(?=\s)")]
    private static partial Regex AddressPattern();
}
