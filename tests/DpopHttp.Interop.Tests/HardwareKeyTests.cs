using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using DpopHttp.Interop.Tests.Hardware;
using DpopHttp.Interop.Tests.Servers;
using DpopHttp.Testing;
using Net.Pkcs11Interop.Common;

namespace DpopHttp.Interop.Tests;

/// <summary>Keys inside a PKCS#11 token: SoftHSM behaves as a hardware security module does, without the hardware.</summary>
public sealed class HardwareKeyTests(NodeServers servers, SoftHsm hsm) : IClassFixture<SoftHsm>
{
    private static readonly Uri Uri = new("https://api.example.com/orders");

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public async Task A_proof_signed_inside_the_token_is_good(string algorithm)
    {
        using DpopKey key = DpopKey.FromSigner(hsm.CreateSigner(algorithm));
        string proof = await DpopProof.CreateAsync(key, HttpMethod.Get, Uri, "token", "nonce-1");
        AssertGood(key, proof, new DpopProofVerifier());
        AssertGood(key, DpopProof.Create(key, HttpMethod.Get, Uri, "token"), new DpopProofVerifier());
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public async Task Jose_verifies_a_proof_signed_inside_the_token(string algorithm)
    {
        using DpopKey key = DpopKey.FromSigner(hsm.CreateSigner(algorithm));
        string proof = await DpopProof.CreateAsync(key, HttpMethod.Get, Uri, "token", "nonce-1");
        JoseVerdict verdict = await servers.Verifier.VerifyAsync(proof, HttpMethod.Get, Uri, "token", "nonce-1");
        Assert.True(verdict.Ok, verdict.Error);
        Assert.Equal((algorithm, key.Thumbprint), (verdict.Alg, verdict.Thumbprint));
    }

    [Theory]
    [InlineData("ES256", true)]
    [InlineData("ES256", false)]
    [InlineData("PS256", true)]
    [InlineData("PS256", false)]
    public async Task A_token_bound_to_a_key_in_the_token_is_issued_and_used(string algorithm, bool async)
    {
        using DpopKey key = DpopKey.FromSigner(hsm.CreateSigner(algorithm));
        using HttpClient client = new(new DpopHandler(key) { InnerHandler = new SocketsHttpHandler() });
        using JsonDocument tokens = await RequestTokenAsync(client, async);
        Assert.Equal("DPoP", tokens.RootElement.GetProperty("token_type").GetString());
        string token = tokens.RootElement.GetProperty("access_token").GetString()!;

        using HttpResponseMessage orders = await ReadOrdersAsync(client, token, async);
        Assert.Equal(HttpStatusCode.OK, orders.StatusCode);

        // The binding is what let it in: another key of the same token does not.
        using DpopKey other = DpopKey.FromSigner(hsm.CreateSigner(algorithm));
        using HttpClient plain = new();
        using HttpRequestMessage request = new(HttpMethod.Get, servers.ResourceServer.Orders);
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        request.Headers.Add("DPoP", await DpopProof.CreateAsync(other, HttpMethod.Get, servers.ResourceServer.Orders, token));
        using HttpResponseMessage refused = await plain.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public async Task Sixteen_requests_at_once_are_signed_inside_the_token(string algorithm)
    {
        using DpopKey key = DpopKey.FromSigner(hsm.CreateSigner(algorithm));
        using HttpClient client = new(new DpopHandler(key) { InnerHandler = new SocketsHttpHandler() });
        using JsonDocument tokens = await RequestTokenAsync(client, async: true);
        string token = tokens.RootElement.GetProperty("access_token").GetString()!;
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => ReadOrdersAsync(client, token, async: true)));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.All(responses, response => response.Dispose());
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public async Task Sixteen_proofs_at_once_are_signed_inside_the_token(string algorithm)
    {
        using DpopKey key = DpopKey.FromSigner(hsm.CreateSigner(algorithm));
        string[] proofs = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => DpopProof.CreateAsync(key, HttpMethod.Get, Uri, "token").AsTask()));
        DpopProofVerifier verifier = new();
        Assert.All(proofs, proof => AssertGood(key, proof, verifier));
    }

    [Theory]
    [InlineData("ES256", CKA.CKA_VALUE)]
    [InlineData("PS256", CKA.CKA_PRIVATE_EXPONENT)]
    [InlineData("PS256", CKA.CKA_PRIME_1)]
    public void The_private_key_does_not_leave_the_token(string algorithm, CKA secret)
    {
        SoftHsmSigner signer = hsm.CreateSigner(algorithm);
        Assert.True(signer.ReadPrivate(CKA.CKA_SENSITIVE).GetValueAsBool());
        Assert.False(signer.ReadPrivate(CKA.CKA_EXTRACTABLE).GetValueAsBool());
        Assert.True(signer.ReadPrivate(CKA.CKA_NEVER_EXTRACTABLE).GetValueAsBool());
        Assert.True(signer.ReadPrivate(secret).CannotBeRead);
        using DpopKey key = DpopKey.FromSigner(signer);
        Assert.Equal(DpopErrorCodes.KeyNotExportable, Assert.Throws<DpopException>(key.ExportPrivateJwk).Code);
    }

    [Fact]
    public void The_keys_are_kept_in_the_temporary_folder()
    {
        hsm.CreateSigner("ES256");
        Assert.Contains(Directory.EnumerateFiles(hsm.Folder, "*.object", SearchOption.AllDirectories), file => new FileInfo(file).Length > 0);
    }

    private static void AssertGood(DpopKey key, string proof, DpopProofVerifier verifier)
    {
        DpopProofResult result = verifier.Verify(new DpopProofContext("GET", Uri, [proof]) { AccessToken = "token", BoundThumbprint = key.Thumbprint });
        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(key.Algorithm, result.Header["alg"].GetString());
    }

    private async Task<JsonDocument> RequestTokenAsync(HttpClient client, bool async)
    {
        AuthorizationServer server = servers.AuthorizationServer;
        using HttpRequestMessage request = new(HttpMethod.Post, server.TokenEndpoint)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = AuthorizationServer.PostClient,
                ["client_secret"] = server.ClientSecret,
                ["resource"] = server.Resource,
                ["scope"] = "orders.read",
            }),
        };
        using HttpResponseMessage response = await SendAsync(client, request, async);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body);
    }

    private async Task<HttpResponseMessage> ReadOrdersAsync(HttpClient client, string token, bool async)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, servers.ResourceServer.Orders);
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        return await SendAsync(client, request, async);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, bool async) =>
        async ? client.SendAsync(request) : Task.Run(() => client.Send(request));
}
