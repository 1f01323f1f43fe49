using System.Net;
using System.Text.Json.Nodes;
using DpopHttp.Interop.Tests.Grants;
using DpopHttp.Interop.Tests.Hardware;
using DpopHttp.Interop.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Interop.Tests;

/// <summary>Client assertions that are signed inside a PKCS#11 token, at a server that demands nonces and takes no assertion twice.</summary>
public sealed class HardwareAssertionTests(SoftHsm hsm) : IClassFixture<SoftHsm>
{
    private const string Client = "hardware-client";

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public async Task Each_attempt_has_one_of_its_own(string algorithm)
    {
        NodeRequirement.Demand();
        using DpopKey key = DpopKey.FromSigner(hsm.CreateSigner(algorithm));
        await using AuthorizationServer server = await StartAsync(key);
        List<Attempt> attempts = [];
        ServiceCollection services = new();
        foreach (string name in (string[])["orders", "reports"])
        {
            services.AddHttpClient(name)
                .ConfigureDpopBackChannel(back => back.ConfigurePrimaryHttpMessageHandler(() => new WireTap(attempts, new SocketsHttpHandler())))
                .AddDpopClientCredentials(options =>
                {
                    (options.Authority, options.ClientId, options.Scope) = (new Uri(server.Issuer), Client, "orders.read");
                    options.Resources.Add(server.Resource);
                    (options.ClientAssertionKey, options.ClientAssertionKeyId) = (key, "hardware-1");
                });
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        IDpopTokens tokens = provider.GetRequiredService<IDpopTokens>();
        DpopAccessToken[] all = [await tokens.GetAsync("orders"), await tokens.GetAsync("reports")];
        Assert.All(all, token => Assert.Equal("DPoP", token.Scheme));

        Attempt[] requests = [.. attempts.Where(attempt => attempt.Uri == server.TokenEndpoint)];
        Assert.Equal(HttpStatusCode.BadRequest, requests[0].Status);
        Assert.Equal(2, requests.Count(request => request.Status == HttpStatusCode.OK));
        Assert.Equal(requests.Length, requests.Select(request => request.Form["client_assertion"]).Distinct().Count());
    }

    private static Task<AuthorizationServer> StartAsync(DpopKey key)
    {
        JsonObject jwk = JsonNode.Parse(key.PublicJwk)!.AsObject();
        (jwk["alg"], jwk["use"], jwk["kid"]) = (key.Algorithm, "sig", "hardware-1");
        return AuthorizationServer.StartAsync(new AuthorizationServerOptions
        {
            Clients =
            [
                new
                {
                    client_id = Client,
                    token_endpoint_auth_method = "private_key_jwt",
                    token_endpoint_auth_signing_alg = key.Algorithm,
                    jwks = new { keys = new[] { jwk } },
                    grant_types = (string[])["client_credentials"],
                    response_types = Array.Empty<string>(),
                    redirect_uris = Array.Empty<string>(),
                    id_token_signed_response_alg = "ES256",
                },
            ],
        });
    }
}
