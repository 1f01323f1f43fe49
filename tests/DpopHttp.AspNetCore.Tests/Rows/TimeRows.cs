using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Tests.Handmade;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.AspNetCore.Tests.Rows;

/// <summary>iat, exp, nbf and nonces.</summary>
public sealed class TimeRows : IClassFixture<ApiFixture>, IDisposable
{
    private readonly ApiFixture _fixture;

    // It stands still, so that no nonce changes in the middle of a test.
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly Caller _caller;

    public TimeRows(ApiFixture fixture)
    {
        _fixture = fixture;
        _caller = new Caller { Clock = _clock };
    }

    public static MatrixTheoryData<string, int, bool> Ages { get; } = new(["1.1", "2.0", "nginx 1.1", "nginx 2.0"], [-3600, -10, 0, 10, 3600], [true]);

    public static TheoryData<string, DpopNonceMode, string> WhereNoncesAreRequired { get; } = new(
        from version in (string[])["1.1", "2.0", "nginx 1.1", "nginx 2.0"]
        from place in ((DpopNonceMode, string)[])[(DpopNonceMode.Required, "/orders"), (DpopNonceMode.Off, "/only-nonce")]
        select (version, place.Item1, place.Item2));

    public void Dispose() => _caller.Dispose();

    [Theory]
    [MemberData(nameof(Ages))]
    public async Task IatTenSecondsOffGoodAndAnHourOffRefused(string version, int seconds, bool _)
    {
        Answer answer = await _caller.SendAsync(version, _fixture.Api.Origin(version) + "/orders", proof => Shift(proof, "iat", seconds));

        if (Math.Abs(seconds) <= 10)
        {
            answer.AssertAccepted();
        }
        else
        {
            answer.AssertRefused("invalid_dpop_proof", "iat");
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task IatOffWithAFreshNonceAccepted(string version)
    {
        await using TestApi api = await TestApi.StartAsync(options =>
        {
            options.Nonces = DpopNonceMode.WhenClockDiffers;
            options.TimeProvider = _clock;
        });
        string uri = api.Origin(version) + "/orders";
        (await _caller.SendAsync(version, uri)).AssertAccepted();

        Answer challenge = await _caller.SendAsync(version, uri, proof => Shift(proof, "iat", -3600));
        challenge.AssertRefused("use_dpop_nonce");

        string proof = Spoilt(_caller.Proof(uri, nonce: challenge.Nonce), -3600);
        (await _caller.SendAsync(version, uri, proof)).AssertAccepted();
        (await _caller.SendAsync(version, uri, proof)).AssertRefused("invalid_dpop_proof", "used before");
        (await _caller.SendAsync(version, uri, Spoilt(_caller.Proof(uri, nonce: "other"), -3600))).AssertRefused("use_dpop_nonce");
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task ExpInThePastAndNbfInTheFutureRefused(string version)
    {
        string uri = _fixture.Api.Origin(version) + "/orders";

        (await _caller.SendAsync(version, uri, proof => Shift(proof, "exp", -3600))).AssertRefused("invalid_dpop_proof", "exp");
        (await _caller.SendAsync(version, uri, proof => Shift(proof, "nbf", 3600))).AssertRefused("invalid_dpop_proof", "nbf");
        (await _caller.SendAsync(version, uri, proof => Shift(proof, "exp", 60))).AssertAccepted();
        (await _caller.SendAsync(version, uri, proof => Shift(proof, "nbf", -60))).AssertAccepted();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task UseDpopNonceWithDpopNonceAndNoStore(string version)
    {
        await using TestApi api = await TestApi.StartAsync(options =>
        {
            options.Nonces = DpopNonceMode.Required;
            options.TimeProvider = _clock;
        });
        string uri = api.Origin(version) + "/orders";

        Answer challenge = await _caller.SendAsync(version, uri);

        challenge.AssertRefused("use_dpop_nonce");
        Assert.Matches("^[A-Za-z0-9_-]{43}$", challenge.Nonce);
        Answer answer = await _caller.SendAsync(version, uri, _caller.Proof(uri, nonce: challenge.Nonce).ToString());
        answer.AssertAccepted();
        Assert.Null(answer.Nonce);
        (await _caller.SendAsync(version, uri, _caller.Proof(uri, nonce: "other").ToString())).AssertRefused("use_dpop_nonce");
    }

    [Theory]
    [MemberData(nameof(WhereNoncesAreRequired))]
    public async Task IatOffWithARequiredNonceAcceptedOnce(string version, DpopNonceMode mode, string path)
    {
        await using TestApi api = await TestApi.StartAsync(options =>
        {
            options.Nonces = mode;
            options.NonceStep = TimeSpan.FromHours(1);
            options.TimeProvider = _clock;
        });
        string uri = api.Origin(version) + path;
        string nonce = (await _caller.SendAsync(version, uri)).Nonce!;

        foreach (int seconds in (int[])[-3600, 3600])
        {
            string proof = Spoilt(_caller.Proof(uri, nonce: nonce), seconds);
            (await _caller.SendAsync(version, uri, proof)).AssertAccepted();

            // The nonce is still good, so the proof must still be remembered.
            _clock.Advance(TimeSpan.FromMinutes(20));
            Assert.Contains("used before", (await _caller.SendAsync(version, uri, proof)).DpopChallenge, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task NewNonceOnSuccess(string version)
    {
        await using TestApi api = await TestApi.StartAsync(options =>
        {
            options.Nonces = DpopNonceMode.Required;
            options.TimeProvider = _clock;
        });
        string uri = api.Origin(version) + "/orders";
        string first = (await _caller.SendAsync(version, uri)).Nonce!;

        _clock.Advance(TimeSpan.FromMinutes(1));
        Answer answer = await _caller.SendAsync(version, uri, _caller.Proof(uri, nonce: first).ToString());

        answer.AssertAccepted();
        Assert.NotNull(answer.Nonce);
        Assert.NotEqual(first, answer.Nonce);
        Assert.True(answer.IsNoStore);
        _clock.Advance(TimeSpan.FromMinutes(1));
        (await _caller.SendAsync(version, uri, _caller.Proof(uri, nonce: answer.Nonce).ToString())).AssertAccepted();
        (await _caller.SendAsync(version, uri, _caller.Proof(uri, nonce: first).ToString())).AssertRefused("use_dpop_nonce");
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task NonceRequiredByTheEndpoint(string version)
    {
        string origin = _fixture.Api.Origin(version);
        (await _caller.SendAsync(version, origin + "/orders")).AssertAccepted();

        Answer challenge = await _caller.SendAsync(version, origin + "/only-nonce");

        challenge.AssertRefused("use_dpop_nonce");
        (await _caller.SendAsync(version, origin + "/only-nonce", _caller.Proof(origin + "/only-nonce", nonce: challenge.Nonce).ToString())).AssertAccepted();
    }

    private void Shift(HandmadeProof proof, string claim, int seconds) =>
        proof.Claims[claim] = _clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();

    private string Spoilt(HandmadeProof proof, int seconds)
    {
        Shift(proof, "iat", seconds);
        return proof.ToString();
    }
}
