using System.Net;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Verification;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.AspNetCore.Tests.Rows;

/// <summary>A proof is good once.</summary>
public sealed class ReplayRows(ApiFixture fixture) : IClassFixture<ApiFixture>, IDisposable
{
    private readonly Caller _caller = new();

    public void Dispose() => _caller.Dispose();

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task SameProofTwice(string version)
    {
        string uri = fixture.Api.Origin(version) + "/orders";
        string proof = _caller.Proof(uri).ToString();

        (await _caller.SendAsync(version, uri, proof)).AssertAccepted();
        (await _caller.SendAsync(version, uri, proof)).AssertRefused("invalid_dpop_proof", "used before");
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task SameProofAHundredTimesAtOnce(string version)
    {
        string uri = fixture.Api.Origin(version) + "/orders";
        string proof = _caller.Proof(uri).ToString();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _caller.SendAsync(version, uri, proof)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(99, answers.Count(answer => answer.Status == HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task StoreThatCannotBeMadeAtFirst_IsMadeByALaterRequest()
    {
        bool isDown = true;
        await using TestApi api = await TestApi.StartAsync(services: services => services.AddSingleton<DpopReplayStore>(
            _ => isDown ? throw new InvalidOperationException("The connection can't be made.") : new DpopMemoryReplayStore()));
        string uri = api.Origin("1.1") + "/orders";
        Assert.Equal(HttpStatusCode.InternalServerError, (await _caller.SendAsync("1.1", uri)).Status);

        isDown = false;

        (await _caller.SendAsync("1.1", uri)).AssertAccepted();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task SameProofOverTwoInstances(string version)
    {
        DpopMemoryReplayStore shared = new();
        void Configure(DpopAuthenticationOptions options)
        {
            options.PublicOrigin = new Uri("https://api.example.com");
            options.Replay = DpopReplayDetection.Shared;
        }

        await using TestApi one = await TestApi.StartAsync(Configure, services => services.AddSingleton<DpopReplayStore>(shared));
        await using TestApi other = await TestApi.StartAsync(Configure, services => services.AddSingleton<DpopReplayStore>(shared));
        string proof = _caller.Proof("https://api.example.com/orders").ToString();

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            i => _caller.SendAsync(version, (i % 2 == 0 ? one : other).Origin(version) + "/orders", proof)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task ARefusedProofIsNotUsedUp(string version)
    {
        string uri = fixture.Api.Origin(version) + "/orders";
        string proof = _caller.Proof(uri).ToString();
        string owners = _caller.Token;

        _caller.Token = TokenIssuer.Issue(_caller.Key.Thumbprint, "mallory");
        (await _caller.SendAsync(version, uri, proof)).AssertRefused("invalid_dpop_proof", "ath");

        _caller.Token = owners;
        (await _caller.SendAsync(version, uri, proof)).AssertAccepted();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [InlineData("nginx 1.1")]
    [InlineData("nginx 2.0")]
    public async Task ClientsDontUseUpEachOthersJti(string version)
    {
        string uri = fixture.Api.Origin(version) + "/orders";
        using Caller other = new();

        (await _caller.SendAsync(version, uri, proof => proof.Claims["jti"] = "1")).AssertAccepted();
        (await other.SendAsync(version, uri, proof => proof.Claims["jti"] = "1")).AssertAccepted();
        (await _caller.SendAsync(version, uri, proof => proof.Claims["jti"] = "1")).AssertRefused("invalid_dpop_proof", "used before");
    }

    [Theory]
    [InlineData("1.1", DpopReplayFailure.Refuse)]
    [InlineData("2.0", DpopReplayFailure.Refuse)]
    [InlineData("nginx 2.0", DpopReplayFailure.Refuse)]
    [InlineData("1.1", DpopReplayFailure.Accept)]
    [InlineData("2.0", DpopReplayFailure.Accept)]
    public async Task StoreThatFails_RefusesWith503UnlessTheOptionSaysOtherwise(string version, DpopReplayFailure handling)
    {
        await using TestApi api = await TestApi.StartAsync(
            options => options.ReplayFailure = handling, services => services.AddSingleton<DpopReplayStore, BrokenStore>());
        string uri = api.Origin(version) + "/orders";

        Answer answer = await _caller.SendAsync(version, uri);

        Assert.Equal(handling == DpopReplayFailure.Accept ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(handling == DpopReplayFailure.Refuse, answer.Headers.RetryAfter is not null);
        Assert.Contains(api.Logs.GetSnapshot(), log => log.Id.Name == "ReplayStoreFailed" && log.Exception is DpopReplayStoreException);
        (await _caller.SendAsync(version, uri, proof => proof.Claims["htm"] = "POST")).AssertRefused("invalid_dpop_proof", "htm");
    }
}
