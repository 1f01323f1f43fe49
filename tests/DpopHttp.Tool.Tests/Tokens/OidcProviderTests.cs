using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DpopHttp.Interop.Tests.Servers;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.Tests.Support;

namespace DpopHttp.Tool.Tests.Tokens;

/// <summary>Every way to a token at oidc-provider, which demands nonces.</summary>
public sealed partial class OidcProviderTests : IAsyncLifetime
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
    public async Task A_client_with_a_secret()
    {
        string file = _bench.Write("secret", _server.ClientSecret);
        (await TokenAsync(AuthorizationServer.BasicClient, "--secret-file", file, "--resource", _server.Resource)).Succeeded();
        AssertBound(Assert.Single(Stored()));
    }

    [Fact]
    public async Task A_client_with_an_assertion_key()
    {
        string file = _bench.Write("client.jwk", _server.ClientAssertionJwk);
        (await TokenAsync(AuthorizationServer.AssertionClient, "--assertion-key", file, "--resource", _server.Resource)).Succeeded();
        AssertBound(Assert.Single(Stored()));
    }

    [Fact]
    public async Task A_user_who_signs_in_with_a_browser_and_a_renewal()
    {
        JsonNode first = await SignInAsync(["--login", "--no-browser"], async error =>
        {
            using Browser browser = new();
            Uri callback = await browser.AuthorizeAsync(new Uri(AddressPattern().Match(error).Value));
            using HttpClient client = new();
            Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync(new Uri(callback.GetLeftPart(UriPartial.Path) + "?code=x&state=y"), TestContext.Current.CancellationToken)).StatusCode);
            Assert.Contains("You are signed in", await client.GetStringAsync(callback, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        });

        ToolRun run = (await TokenAsync(AuthorizationServer.PublicClient, "--refresh")).Succeeded();
        JsonNode second = Assert.Single(Stored());
        AssertBound(second);
        Assert.NotEqual((string?)first["access_token"], (string?)second["access_token"]);
        Assert.Equal(first["origins"]!.ToJsonString(), second["origins"]!.ToJsonString());
        Assert.DoesNotContain((string)second["access_token"]!, run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain((string)second["refresh_token"]!, run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_signs_in_on_another_device() => await SignInAsync(
        ["--device"], error => _server.ApproveDeviceAsync(UserCodePattern().Match(error).Groups[1].Value));

    [Fact]
    public async Task What_the_server_refuses_is_an_error()
    {
        Assert.Contains("no refresh token", (await TokenAsync(AuthorizationServer.PublicClient, "--refresh")).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("invalid_client", (await TokenAsync("nobody", "--device", "--for", _server.Resource)).Failed().Error, StringComparison.Ordinal);
        (await TokenAsync(AuthorizationServer.PublicClient, "--login", "--device", "--for", _server.Resource)).Failed();
    }

    private async Task<JsonNode> SignInAsync(string[] how, Func<string, Task> actAsUser)
    {
        LockedWriter error = new();
        using StringWriter output = new();
        ToolConsole console = new(output, error, TextReader.Null, _bench.Variables.GetValueOrDefault, TimeProvider.System, new Terminal(false, false, false));
        Task<int> run = ToolRunner.RunAsync(
            ["token", "--issuer", _server.Issuer, "--client-id", AuthorizationServer.PublicClient, "--scope", "openid offline_access orders.read", "--resource", _server.Resource, .. how],
            console,
            TestContext.Current.CancellationToken);
        while (!run.IsCompleted && !AddressPattern().IsMatch(Read(error)))
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.False(run.IsCompleted, Read(error));
        await actAsUser(Read(error));
        Assert.True(await run == 0, Read(error));
        JsonNode token = Assert.Single(Stored());
        AssertBound(token);
        Assert.NotNull(token["refresh_token"]);
        Assert.DoesNotContain((string)token["refresh_token"]!, output.ToString() + error, StringComparison.Ordinal);
        return token;
    }

    private Task<ToolRun> TokenAsync(string client, params string[] arguments) => _bench.RunAsync(["token", "--issuer", _server.Issuer, "--client-id", client, .. arguments]);

    private IEnumerable<JsonNode> Stored() => JsonNode.Parse(File.ReadAllText(_bench.PathOf("key.json.tokens")))!.AsArray().Select(token => token!);

    private void AssertBound(JsonNode token)
    {
        using DpopKey key = new DpopKeyFile(_bench.PathOf("key.json")).Open();
        JsonNode claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(((string)token["access_token"]!).Split('.')[1]))!;
        Assert.Equal(key.Thumbprint, (string?)claims["cnf"]!["jkt"]);
        Assert.Equal([_server.Resource], token["origins"]!.AsArray().Select(origin => (string)origin!));
    }

    private static string Read(LockedWriter writer)
    {
        lock (writer)
        {
            return writer.ToString();
        }
    }

    [GeneratedRegex(@"http://\S+(?=\s)")]
    private static partial Regex AddressPattern();

    [GeneratedRegex(@"enter (\S+)")]
    private static partial Regex UserCodePattern();
}
