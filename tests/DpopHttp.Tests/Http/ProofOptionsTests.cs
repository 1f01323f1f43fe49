using System.Text.Json.Nodes;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tests.Http;

public class ProofOptionsTests
{
    private static readonly Uri Api = new("https://api.example.com/orders?x=1");

    [Fact]
    public async Task HtuOverride_replaces_the_claim_or_leaves_it()
    {
        DpopOptions options = new() { HtuOverride = r => r.Method == HttpMethod.Get ? "https://inside.example/v1/orders" : null };
        Assert.Equal("https://inside.example/v1/orders", DecodedProof.Claim(await SendAsync(options, HttpMethod.Get), "htu"));
        Assert.Equal("https://api.example.com/orders", DecodedProof.Claim(await SendAsync(options, HttpMethod.Post), "htu"));
    }

    [Fact]
    public async Task AdditionalClaims_are_in_every_proof()
    {
        DpopOptions options = new() { AdditionalClaims = { ["client"] = "worker", ["parts"] = new JsonArray(1, 2), ["none"] = null } };
        string? proof = await SendAsync(options, HttpMethod.Get);
        JsonObject payload = JsonNode.Parse(Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Decode(proof!.Split('.')[1]))!.AsObject();
        Assert.Equal("worker", payload["client"]!.GetValue<string>());
        Assert.Equal("[1,2]", payload["parts"]!.ToJsonString());
        Assert.True(payload.ContainsKey("none"));
    }

    [Fact]
    public async Task TimeProvider_gives_iat()
    {
        DateTimeOffset time = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);
        string? proof = await SendAsync(new DpopOptions { TimeProvider = new FakeTimeProvider(time) }, HttpMethod.Get);
        Assert.Equal(time.ToUnixTimeSeconds(), DecodedProof.Read(proof).GetPayloadValue<long>("iat"));
    }

    [Fact]
    public void A_handler_with_bad_options_names_all_faults_at_once()
    {
        using DpopKey key = DpopKey.Generate();
        DpopOptions options = new()
        {
            BearerTokens = (BearerTokenHandling)7,
            AllowedOrigins = { new Uri("https://api.example.com/path"), new Uri("http://api.example.com"), new Uri("/x", UriKind.Relative) },
            AdditionalClaims = { ["jti"] = "mine" },
        };
        ArgumentException exception = Assert.Throws<ArgumentException>("options", () => new DpopHandler(key, options));
        foreach (string part in (string[])["BearerTokens is 7", "'https://api.example.com/path'", "'http://api.example.com/', which is not https", "'/x'", "'jti'"])
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_handler_with_two_keys_is_refused()
    {
        using DpopKey key = DpopKey.Generate();
        using DpopKey other = DpopKey.Generate();
        Assert.Throws<ArgumentException>("options", () => new DpopHandler(key, new DpopOptions { Key = other }));
        Assert.Throws<ArgumentNullException>("key", () => new DpopHandler(null!));
        Assert.Throws<ArgumentNullException>("options", () => new DpopHandler(key, null!));
    }

    private static async Task<string?> SendAsync(DpopOptions options, HttpMethod method)
    {
        StubHandler server = new();
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server, options);
        using HttpRequestMessage request = new(method, Api);
        using HttpResponseMessage response = await client.SendAsync(request, async: true);
        return server.Proofs.Single();
    }
}
