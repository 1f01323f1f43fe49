using System.Net;
using System.Text.Json.Nodes;
using DpopHttp.Tests.Keys;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tests.Http;

/// <summary>What a client adds to each of its proofs, looked at by a server on a socket that verifies them.</summary>
public class ConfigureProofTests
{
    private static readonly HttpRequestOptionsKey<string> BodyDigest = new("body-digest");

    private readonly List<DpopProofResult> _proofs = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_called_for_each_attempt_and_sees_the_request_that_the_attempt_sends(bool async)
    {
        int calls = 0;
        DpopOptions options = new()
        {
            ConfigureProof = proof => proof
                .SetClaim("attempt", ++calls)
                .SetClaim("digest", proof.Request.Options.TryGetValue(BodyDigest, out string? digest) ? digest : null)
                .SetClaim("path", proof.Request.RequestUri!.AbsolutePath)
                .SetClaim("age", (TimeProvider.System.GetUtcNow() - proof.IssuedAt).TotalHours is < 1 ? "now" : "old")
                .SetHeaderMember("kid", "orders-1"),
        };
        await using LoopbackServer server = await StartAsync(nonce: "nonce-1");
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(options);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(server.BaseAddress, "/orders")) { Content = new StringContent("an order") };
        request.Options.Set(BodyDigest, "of-the-order");
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, calls));
        Assert.Equal([1, 2], _proofs.Select(proof => proof.Claims["attempt"].GetInt32()));
        Assert.All(_proofs, proof => Assert.Equal(
            ("of-the-order", "/orders", "now", "orders-1", key.Thumbprint),
            (proof.Claims["digest"].GetString(), proof.Claims["path"].GetString(), proof.Claims["age"].GetString(), proof.Header["kid"].GetString(), proof.Thumbprint)));
    }

    [Fact]
    public async Task A_key_behind_a_signer_signs_what_was_added()
    {
        using KeyMaterial material = KeyMaterial.Create();
        using TestSigner signer = new(material);
        using DpopKey key = DpopKey.FromSigner(signer);
        await SendAsync(key, new DpopOptions { ConfigureProof = proof => proof.SetClaim("digest", "abc").SetHeaderMember("x5t", "def") });
        DpopProofResult proof = Assert.Single(_proofs);
        Assert.Equal(("abc", "def", key.Thumbprint), (proof.Claims["digest"].GetString(), proof.Header["x5t"].GetString(), proof.Thumbprint));
    }

    [Fact]
    public async Task A_claim_takes_the_place_of_one_that_is_in_every_proof()
    {
        using DpopKey key = DpopKey.Generate();
        DpopOptions options = new()
        {
            AdditionalClaims = { ["client"] = "everybody", ["kept"] = true },
            ProofLifetime = TimeSpan.FromMinutes(2),
            ConfigureProof = proof => proof.SetClaim("client", "orders").SetClaim("exp", proof.IssuedAt.AddSeconds(30).ToUnixTimeSeconds()).SetClaim("none", null),
        };
        await SendAsync(key, options);

        // The verifier takes no JSON with a member twice.
        IReadOnlyDictionary<string, System.Text.Json.JsonElement> claims = Assert.Single(_proofs).Claims;
        Assert.Equal(("orders", true), (claims["client"].GetString(), claims["kept"].GetBoolean()));
        Assert.Equal(claims["iat"].GetInt64() + 30, claims["exp"].GetInt64());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, claims["none"].ValueKind);
    }

    [Theory]
    [InlineData("jti", true, true)]
    [InlineData("htm", true, false)]
    [InlineData("htu", true, true)]
    [InlineData("iat", true, false)]
    [InlineData("ath", true, true)]
    [InlineData("nonce", true, false)]
    [InlineData("typ", false, true)]
    [InlineData("alg", false, false)]
    [InlineData("jwk", false, true)]
    public async Task What_every_proof_sets_by_itself_is_an_error_and_nothing_is_sent(string name, bool isClaim, bool async)
    {
        DpopOptions options = new()
        {
            ConfigureProof = proof => _ = isClaim ? proof.SetClaim(name, "mine") : proof.SetHeaderMember(name, JsonValue.Create("mine")),
        };
        await using LoopbackServer server = await StartAsync();
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(options);
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>("name", () => client.GetAsync(server.BaseAddress, async));
        Assert.Contains($"'{name}' is one that every proof sets by itself (RFC 9449 section 4.2)", exception.Message, StringComparison.Ordinal);
        Assert.Empty(_proofs);
    }

    [Fact]
    public async Task A_name_that_is_empty_is_an_error()
    {
        using DpopKey key = DpopKey.Generate();
        await Assert.ThrowsAsync<ArgumentException>("name", () => SendAsync(key, new DpopOptions { ConfigureProof = proof => proof.SetClaim("", 1) }));
        await Assert.ThrowsAsync<ArgumentException>("name", () => SendAsync(key, new DpopOptions { ConfigureProof = proof => proof.SetHeaderMember("", 1) }));
    }

    [Fact]
    public async Task The_request_that_asks_for_a_nonce_ahead_of_an_upload_has_it_too()
    {
        await using LoopbackServer server = await StartAsync(nonce: "nonce-1");
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(new DpopOptions
        {
            ProbeBeforeUpload = true,
            ReplayBufferLimit = 4,
            ConfigureProof = proof => proof.SetClaim("method", proof.Request.Method.Method),
        });
        using HttpRequestMessage upload = new(HttpMethod.Put, server.BaseAddress) { Content = new StreamContent(new OneShotStream(new byte[100])) };
        using HttpResponseMessage response = await client.SendAsync(upload, async: true);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["HEAD", "PUT"], _proofs.Select(proof => proof.Claims["method"].GetString()));
    }

    private async Task SendAsync(DpopKey key, DpopOptions options)
    {
        await using LoopbackServer server = await StartAsync();
        using HttpClient client = key.Client(options);
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async: true);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Keeps the proofs whose signature is good, and asks for a nonce if it has one.</summary>
    private Task<LoopbackServer> StartAsync(string? nonce = null)
    {
        DpopProofVerifier verifier = new();
        return LoopbackServer.StartAsync(context =>
        {
            DpopProofResult proof = verifier.Verify(new DpopProofContext(
                context.Request.Method, $"http://{context.Request.Host}{context.Request.Path}", context.Request.Headers["DPoP"].OfType<string>())
            {
                AcceptNonce = nonce is null ? null : given => given == nonce,
            });
            if (proof.IsValid || proof.FailedCheck == DpopProofCheck.Nonce)
            {
                _proofs.Add(proof);
            }

            context.Response.StatusCode = proof.IsValid ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
            context.Response.Headers["DPoP-Nonce"] = nonce;
            return Task.CompletedTask;
        });
    }
}
