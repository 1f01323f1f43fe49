using System.Net;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Tests.Handmade;

namespace DpopHttp.AspNetCore.Tests.Rows;

/// <summary>The token, its binding, and the scheme that it comes with.</summary>
public sealed class TokenRows(ApiFixture fixture) : IClassFixture<ApiFixture>, IDisposable
{
    private readonly Caller _caller = new();

    public static MatrixTheoryData<string, DpopBearerTokens, bool> BoundAsBearer { get; } =
        new(["1.1", "2.0", "nginx 1.1", "nginx 2.0"], [DpopBearerTokens.Reject, DpopBearerTokens.AllowUnbound], [true, false]);

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task AthOfAnotherToken(string version)
    {
        string uri = Uri(version);
        string proof = _caller.Proof(uri).ToString();
        _caller.Token = TokenIssuer.Issue(_caller.Key.Thumbprint);

        (await _caller.SendAsync(version, uri, proof)).AssertRefused("invalid_dpop_proof", "ath");
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task AnotherKeyThanCnfJkt(string version)
    {
        using HandmadeKey thief = HandmadeKey.Create();

        (await _caller.SendAsync(version, Uri(version), _caller.Proof(Uri(version), key: thief).ToString())).AssertRefused("invalid_token", "another key");
    }

    [Theory]
    [MemberData(nameof(BoundAsBearer))]
    public async Task BoundTokenAsBearer(string version, DpopBearerTokens bearer, bool withProof)
    {
        await using TestApi api = await TestApi.StartAsync(options => options.BearerTokens = bearer);
        string uri = api.Origin(version) + "/orders";

        Answer answer = await _caller.SendAsync(version, uri, withProof ? _caller.Proof(uri).ToString() : null, "Bearer");

        answer.AssertRefused("invalid_token", "bound to a key");
        Assert.Equal(bearer == DpopBearerTokens.AllowUnbound, answer.Challenges.Contains("Bearer"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task UnboundToken(string version)
    {
        _caller.Token = TokenIssuer.Issue(thumbprint: null);
        await using TestApi migrating = await TestApi.StartAsync(options => options.BearerTokens = DpopBearerTokens.AllowUnbound);
        string uri = migrating.Origin(version) + "/orders";

        (await _caller.SendAsync(version, Uri(version), proof: null, "Bearer")).AssertRefused("invalid_token", "only DPoP");
        (await _caller.SendAsync(version, Uri(version))).AssertRefused("invalid_token", "bound to a key");
        (await _caller.SendAsync(version, uri, proof: null, "Bearer")).AssertAccepted();
        (await _caller.SendAsync(version, uri, proof: null, "bearer")).AssertAccepted();
        (await _caller.SendAsync(version, uri)).AssertRefused("invalid_token", "bound to a key");
        (await _caller.SendAsync(version, migrating.Origin(version) + "/only-dpop", proof: null, "Bearer")).AssertRefused("invalid_token", "only DPoP");
        (await _caller.SendAsync(version, migrating.Origin(version) + "/only-nonce", proof: null, "Bearer")).AssertRefused("invalid_token", "only DPoP");
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task ExpiredToken(string version)
    {
        _caller.Token = TokenIssuer.Issue(_caller.Key.Thumbprint, lifetime: TimeSpan.FromHours(-1));

        (await _caller.SendAsync(version, Uri(version))).AssertRefused("invalid_token", "The token expired");
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task ChallengesWithAlgsAndErrorBesideBearer(string version)
    {
        await using TestApi migrating = await TestApi.StartAsync(options => options.BearerTokens = DpopBearerTokens.AllowUnbound);
        string uri = migrating.Origin(version) + "/orders";
        string algs = "algs=\"ES256 ES384 ES512 PS256 PS384 PS512 RS256 RS384 RS512\"";

        Assert.Equal([$"DPoP {algs}"], (await _caller.SendWithoutCredentialsAsync(version, Uri(version))).Challenges);
        Assert.Equal(["Bearer", $"DPoP {algs}"], (await _caller.SendWithoutCredentialsAsync(version, uri)).Challenges);
        Answer refused = await _caller.SendAsync(version, uri, proof => proof.Claims["htm"] = "POST");
        Assert.Equal(
            ["Bearer", $"DPoP error=\"invalid_dpop_proof\", error_description=\"The htm of the proof is not the method of the request.\", {algs}"],
            refused.Challenges);
        Answer garbage = await _caller.SendAsync(version, uri, proof: null, "Bearer", token: "x");
        Assert.Equal(["Bearer error=\"invalid_token\"", $"DPoP {algs}"], garbage.Challenges);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task SchemeInAnyCase(string version)
    {
        foreach (string scheme in (string[])["dpop", "DPOP", "DPoP", "DPoP  "])
        {
            (await _caller.SendAsync(version, Uri(version), _caller.Proof(Uri(version)).ToString(), scheme)).AssertAccepted();
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task AuthorizationIsThePoliciesMatter(string version)
    {
        string origin = fixture.Api.Origin(version);

        Answer forbidden = await _caller.SendAsync(version, origin + "/admins");
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.Status);
        _caller.Token = TokenIssuer.Issue(_caller.Key.Thumbprint, "root");
        (await _caller.SendAsync(version, origin + "/only-dpop")).AssertAccepted();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task OpenEndpointsStayOpen(string version)
    {
        (await _caller.SendWithoutCredentialsAsync(version, fixture.Api.Origin(version) + "/open")).AssertAccepted();
        (await _caller.SendAsync(version, fixture.Api.Origin(version) + "/open", "x")).AssertAccepted();
    }

    private string Uri(string version) => fixture.Api.Origin(version) + "/orders";
}
