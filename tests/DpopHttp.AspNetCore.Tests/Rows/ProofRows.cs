using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Tests.Handmade;

namespace DpopHttp.AspNetCore.Tests.Rows;

/// <summary>The proof by itself: form, claims, algorithm, signature.</summary>
public sealed class ProofRows(ApiFixture fixture) : IClassFixture<ApiFixture>, IDisposable
{
    private const string Orders = "/orders";

    private readonly Caller _caller = new();

    public static MatrixTheoryData<string, string> RequiredClaims { get; } = new(["1.1", "2.0", "nginx 1.1", "nginx 2.0"], ["jti", "htm", "htu", "iat", "ath"]);

    public static MatrixTheoryData<string, string> RefusedAlgorithms { get; } = new(["1.1", "2.0", "nginx 1.1", "nginx 2.0"], ["none", "HS256", "EdDSA", "ML-DSA-44", "es256"]);

    public static MatrixTheoryData<string, string> PrivateMembers { get; } = new(["1.1", "2.0", "nginx 1.1", "nginx 2.0"], ["d", "p", "k", "priv"]);

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task GoodProof_IsAccepted(string version)
    {
        Answer answer = await _caller.SendAsync(version, Uri(version));

        answer.AssertAccepted();
        Assert.Equal($"True {_caller.Key.Thumbprint} DPoP", answer.Body);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task ExactlyOneDpopHeader(string version)
    {
        string proof = _caller.Proof(Uri(version)).ToString();

        (await _caller.SendAsync(version, Uri(version), proof: null)).AssertRefused("invalid_dpop_proof", "exactly one DPoP header");
        (await _caller.SendAsync(version, Uri(version), $"{proof}, {proof}")).AssertRefused("invalid_dpop_proof");
    }

    [Fact]
    public async Task ExactlyOneDpopHeader_TwoLines()
    {
        string uri = Uri("1.1");
        string proof = _caller.Proof(uri).ToString();
        using TcpClient tcp = new();
        await tcp.ConnectAsync("127.0.0.1", new Uri(uri).Port);
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /orders HTTP/1.1\r\nHost: {new Uri(uri).Authority}\r\nAuthorization: DPoP {_caller.Token}\r\nDPoP: {proof}\r\nDPoP: {proof}\r\nConnection: close\r\n\r\n"));

        string answer = await new StreamReader(tcp.GetStream()).ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
        Assert.Contains("exactly one DPoP header", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task WellFormedCompactJws(string version)
    {
        HandmadeProof proof = _caller.Proof(Uri(version));
        string header = proof.Header.ToJsonString();
        string claims = proof.Claims.ToJsonString();
        string[] malformed =
        [
            "x", "a.b", "a.b.c", "..", $"{proof}=", $"{proof}.x", proof.Compact(header + "x", claims), proof.Compact(header, "[]"),
            proof.Compact(header.Replace("{\"typ\"", "{\"alg\":\"ES256\",\"typ\"", StringComparison.Ordinal), claims),
            proof.Compact(header, claims.Replace("{\"jti\"", "{\"jti\":\"1\",\"jti\"", StringComparison.Ordinal)),
            proof.Compact(header[..^1] + ",\"crit\":[\"b64\"],\"b64\":false}", claims), proof.Compact(header[..^1] + ",\"b64\":true}", claims),
            proof.Compact(header, claims[..^1] + $",\"x\":\"{new string('x', 8_000)}\"}}"),
        ];

        foreach (string text in malformed)
        {
            (await _caller.SendAsync(version, Uri(version), text)).AssertRefused("invalid_dpop_proof", "not a well-formed JWT");
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task Typ(string version)
    {
        foreach (JsonNode? type in (JsonNode?[])["JWT", "DPOP+JWT", null, new JsonArray("dpop+jwt")])
        {
            (await _caller.SendAsync(version, Uri(version), proof => proof.Header["typ"] = type?.DeepClone()))
                .AssertRefused("invalid_dpop_proof", "typ");
        }
    }

    [Theory]
    [MemberData(nameof(RequiredClaims))]
    public async Task EachRequiredClaim(string version, string claim)
    {
        (await _caller.SendAsync(version, Uri(version), proof => proof.Claims.Remove(claim))).AssertRefused("invalid_dpop_proof");

        // A parser that takes a list of one for the one, or text for a number, would accept these.
        (await _caller.SendAsync(version, Uri(version), proof => proof.Claims[claim] = new JsonArray(proof.Claims[claim]!.DeepClone())))
            .AssertRefused("invalid_dpop_proof");
        (await _caller.SendAsync(version, Uri(version), proof => proof.Claims["iat"] = $"{proof.Claims["iat"]}")).AssertRefused("invalid_dpop_proof");
    }

    [Theory]
    [MemberData(nameof(RefusedAlgorithms))]
    public async Task NoneSymmetricOrUnlistedAlg(string version, string algorithm) =>
        (await _caller.SendAsync(version, Uri(version), proof => proof.Header["alg"] = algorithm)).AssertRefused("invalid_dpop_proof", "alg");

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task UnlistedAlg_OfTheOptions(string version)
    {
        await using TestApi api = await TestApi.StartAsync(options => options.Algorithms.Add("PS256"));

        Answer answer = await _caller.SendAsync(version, api.Origin(version) + Orders);

        Assert.Contains("algs=\"PS256\"", answer.DpopChallenge, StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_dpop_proof\"", answer.DpopChallenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task Signature(string version)
    {
        using HandmadeKey other = HandmadeKey.Create();
        string good = _caller.Proof(Uri(version)).ToString();

        (await _caller.SendAsync(version, Uri(version), proof => proof.Header["jwk"] = other.PublicJwk())).AssertRefused("invalid_dpop_proof", "signature");
        (await _caller.SendAsync(version, Uri(version), good[..^1] + (good[^1] == 'A' ? 'Q' : 'A'))).AssertRefused("invalid_dpop_proof");
        foreach (string jwk in (string[])["{}", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}", "{\"kty\":\"AKP\"}", "[]", "null", "\"x\""])
        {
            (await _caller.SendAsync(version, Uri(version), proof => proof.Header["jwk"] = JsonNode.Parse(jwk)))
                .AssertRefused("invalid_dpop_proof", "signature");
        }
    }

    [Theory]
    [MemberData(nameof(PrivateMembers))]
    public async Task PrivateMemberInJwk(string version, string member) =>
        (await _caller.SendAsync(version, Uri(version), proof => proof.Jwk[member] = "AQAB")).AssertRefused("invalid_dpop_proof", "private member");

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task HtmExact(string version)
    {
        foreach (string method in (string[])["get", "POST", "GET "])
        {
            (await _caller.SendAsync(version, Uri(version), proof => proof.Claims["htm"] = method)).AssertRefused("invalid_dpop_proof", "htm");
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task UnknownMembersIgnored(string version) =>
        (await _caller.SendAsync(version, Uri(version), proof =>
        {
            proof.Header["x"] = new JsonArray(1, "a");
            proof.Claims["y"] = new JsonObject { ["z"] = null };
            proof.Jwk["kid"] = "1";
        })).AssertAccepted();

    private string Uri(string version) => fixture.Api.Origin(version) + Orders;
}
