using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using DpopHttp.Tool.Tests.Support;

namespace DpopHttp.Tool.Tests.Tokens;

/// <summary>Where the metadata of an authorization server are looked for when a user's token is asked for or renewed.</summary>
public sealed class DiscoveryTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();

    public async ValueTask InitializeAsync() => (await _bench.RunAsync("key", "new")).Succeeded();

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return default;
    }

    [Theory]
    [InlineData("", "/.well-known/openid-configuration")]
    [InlineData("", "/.well-known/oauth-authorization-server")]
    [InlineData("/tenant", "/tenant/.well-known/openid-configuration")]
    [InlineData("/tenant", "/.well-known/oauth-authorization-server/tenant")]
    [InlineData("/tenant/", "/tenant/.well-known/openid-configuration")]
    public async Task Both_places_are_looked_at(string issuer, string metadata)
    {
        await using RefreshServer server = await RefreshServer.StartAsync(issuer, metadata);
        (await RefreshAsync(server)).Succeeded();
        Assert.Equal(["of-a"], server.Seen);
    }

    [Fact]
    public async Task Where_there_are_none_both_addresses_are_named()
    {
        await using RefreshServer server = await RefreshServer.StartAsync("/tenant", "/elsewhere");
        string error = (await RefreshAsync(server)).Failed().Error;
        Assert.Contains("/tenant/.well-known/openid-configuration", error, StringComparison.Ordinal);
        Assert.Contains("/.well-known/oauth-authorization-server/tenant", error, StringComparison.Ordinal);
        Assert.Empty(server.Seen);
    }

    [Fact]
    public async Task Plain_http_to_another_host_has_to_be_allowed()
    {
        IPAddress? address = NetworkInterface.GetAllNetworkInterfaces().SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address).FirstOrDefault(own => own.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(own));
        Assert.SkipWhen(address is null, "This machine has no address but loopback.");
        await using RefreshServer server = await RefreshServer.StartAsync(address: address);
        (await RefreshAsync(server)).Failed();
        Assert.Empty(server.Seen);
        (await RefreshAsync(server, "--insecure-http")).Succeeded();
        Assert.Equal(["of-a"], server.Seen);
    }

    private Task<ToolRun> RefreshAsync(RefreshServer server, params string[] arguments)
    {
        server.Store(_bench, "of-a", ["https://a.example"]);
        return _bench.RunAsync(["token", "--issuer", server.Issuer, "--client-id", RefreshServer.ClientId, "--refresh", .. arguments]);
    }
}
