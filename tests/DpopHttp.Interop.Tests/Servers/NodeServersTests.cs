using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace DpopHttp.Interop.Tests.Servers;

/// <summary>The servers themselves, without the library: when these fail, the other tests here say nothing.</summary>
public sealed class NodeServersTests(NodeServers servers)
{
    [Fact]
    public async Task Authorization_server_publishes_its_token_endpoint_and_the_algorithms_of_proofs()
    {
        using HttpClient client = new();

        JsonElement metadata = await client.GetFromJsonAsync<JsonElement>(servers.AuthorizationServer.Discovery);

        Assert.Equal(servers.AuthorizationServer.Issuer, metadata.GetProperty("issuer").GetString());
        Assert.Equal(servers.AuthorizationServer.TokenEndpoint.AbsoluteUri, metadata.GetProperty("token_endpoint").GetString());
        Assert.Contains("ES256", metadata.GetProperty("dpop_signing_alg_values_supported").EnumerateArray().Select(a => a.GetString()));
    }

    [Fact]
    public async Task Resource_server_asks_for_DPoP_when_there_are_no_credentials()
    {
        using HttpClient client = new();

        using HttpResponseMessage response = await client.GetAsync(servers.ResourceServer.Orders);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        AuthenticationHeaderValue challenge = Assert.Single(response.Headers.WwwAuthenticate);
        Assert.Equal("DPoP", challenge.Scheme);
    }

    [Fact]
    public async Task Verifier_refuses_what_is_no_proof()
    {
        JoseVerdict verdict = await servers.Verifier.VerifyAsync("not.a.proof", HttpMethod.Get, servers.ResourceServer.Orders);

        Assert.False(verdict.Ok);
        Assert.NotNull(verdict.Error);
    }

    [Fact]
    public async Task Advancing_a_server_moves_the_Date_it_sends()
    {
        await using AuthorizationServer server = await AuthorizationServer.StartAsync();
        using HttpClient client = new();

        await server.AdvanceAsync(TimeSpan.FromHours(1));
        using HttpResponseMessage response = await client.GetAsync(server.Discovery);

        TimeSpan ahead = response.Headers.Date!.Value - TimeProvider.System.GetUtcNow();
        Assert.InRange(ahead, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public async Task Servers_speak_https_with_a_certificate_that_only_its_own_handler_trusts()
    {
        using LoopbackCertificate certificate = new();
        await using AuthorizationServer server = await AuthorizationServer.StartAsync(new() { Certificate = certificate });
        await using ResourceServer resourceServer = await ResourceServer.StartAsync(server, certificate: certificate);
        using HttpClient trusting = new(certificate.CreateHandler());
        using HttpClient other = new();

        Assert.Equal(Uri.UriSchemeHttps, resourceServer.BaseAddress.Scheme);
        Assert.Equal(HttpStatusCode.OK, (await trusting.GetAsync(server.Discovery)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await trusting.GetAsync(resourceServer.Orders)).StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => other.GetAsync(server.Discovery));
    }

    [Fact]
    public async Task Script_that_ends_is_reported_with_what_it_wrote_to_stderr()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => NodeProcess.StartAsync("missing.mjs"));

        Assert.Contains("missing.mjs ended with code 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("MODULE_NOT_FOUND", error.Message, StringComparison.Ordinal);
    }
}
