using DpopHttp.Integrations.Tests.Support;
using DpopHttp.Tests.Support;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Identity.Client;

namespace DpopHttp.Integrations.Tests.BearerOnly;

/// <summary>MSAL gets a bound token from a server that demands DPoP and nonces, and the token serves at an API with the same key.</summary>
public class MsalTests
{
    [Fact]
    public async Task A_token_of_a_confidential_client_is_bound_to_the_key_that_calls_the_api()
    {
        using LoopbackCertificate certificate = new();
        await using TokenServer server = await TokenServer.StartAsync(certificate);
        await using Gate gate = await Gate.StartAsync();
        string authority = server.Address;
        string secret = "some-secret";
        ServiceCollection services = new();
        services.AddDpopKey("orders", _ => { });
        services.AddHttpClient("msal").AddDpopAsBearer().AddDpop(options => options.KeyName = "orders");
        services.AddHttpClient("orders").AddDpop(options => options.KeyName = "orders");
        services.AddHttpClient("msal").ConfigurePrimaryHttpMessageHandler(certificate.CreateHandler);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();
        IConfidentialClientApplication msal = ConfidentialClientApplicationBuilder.Create("orders-worker")
            .WithOidcAuthority(authority)
            .WithClientSecret(secret)
            .WithHttpClientFactory(new MsalHttpClients(factory))
            .Build();
        AuthenticationResult token = await msal.AcquireTokenForClient(["orders"]).ExecuteAsync(TestContext.Current.CancellationToken);
        Assert.Equal([400, 200], server.Statuses);
        Assert.Equal($"bound-to-{provider.GetRequiredService<DpopKeyRing>().Get("orders").Thumbprint}", token.AccessToken);

        using HttpClient orders = factory.CreateClient("orders");
        orders.DefaultRequestHeaders.Add("Authorization", token.CreateAuthorizationHeader());
        await gate.AssertOneChallengeForEachNonceAsync(() => orders.GetStringAsync(new Uri(gate.Address, "orders")));
    }

    /// <summary>The client that MSAL talks to the authorization server with.</summary>
    private sealed class MsalHttpClients(IHttpClientFactory factory) : IMsalHttpClientFactory
    {
        private readonly HttpClient _client = factory.CreateClient("msal");

        public HttpClient GetHttpClient() => _client;
    }

    /// <summary>Metadata, and a token endpoint that demands a proof with its nonce.</summary>
    private sealed class TokenServer : IAsyncDisposable
    {
        private readonly DpopProofVerifier _proofs = new();
        private readonly DpopNonces _nonces = new();
        private readonly List<int> _statuses = [];
        private LoopbackServer? _server;

        public string Address => $"https://localhost:{_server!.BaseAddress.Port}/tenant";

        /// <summary>The statuses of the answers to token requests.</summary>
        public IReadOnlyList<int> Statuses => _statuses;

        public static async Task<TokenServer> StartAsync(LoopbackCertificate certificate)
        {
            TokenServer server = new();
            server._server = await LoopbackServer.StartAsync(server.AnswerAsync, certificate: certificate);
            return server;
        }

        public ValueTask DisposeAsync() => _server!.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            if (context.Request.Path == "/tenant/.well-known/openid-configuration")
            {
                await context.Response.WriteAsJsonAsync(
                    new { issuer = Address, token_endpoint = $"{Address}/token", authorization_endpoint = $"{Address}/authorize" }, context.RequestAborted);
                return;
            }

            DpopProofContext given = new(context.Request.Method, $"{Address}/token", context.Request.Headers["DPoP"].OfType<string>()) { AcceptNonce = _nonces.Accepts };
            DpopProofResult proof = await _proofs.VerifyAsync(given);
            context.Response.StatusCode = proof.IsValid ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
            context.Response.Headers["DPoP-Nonce"] = _nonces.Current;
            _statuses.Add(context.Response.StatusCode);
            await context.Response.WriteAsJsonAsync(
                proof.IsValid
                    ? new { access_token = $"bound-to-{proof.Thumbprint}", token_type = "DPoP", expires_in = 300 }
                    : (object)new { error = proof.FailedCheck == DpopProofCheck.Nonce ? "use_dpop_nonce" : "invalid_dpop_proof" },
                context.RequestAborted);
        }
    }
}
