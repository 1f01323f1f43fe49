using DpopHttp.AspNetCore.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DpopHttp.AspNetCore.Tests.Registration;

/// <summary>The configuration changes while the API runs.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["Dpop:Nonces"] = "Off", ["Dpop:ProofLifetime"] = "00:10:00" }).Build();

    private readonly Caller _caller = new();

    public void Dispose()
    {
        _caller.Dispose();
        (_configuration as IDisposable)?.Dispose();
    }

    [Fact]
    public async Task ValidOptions_ComeIntoForceAndUsedProofsStayKnown()
    {
        await using TestApi api = await StartAsync();
        string uri = api.Origin("1.1") + "/orders";
        string proof = _caller.Proof(uri).ToString();
        (await _caller.SendAsync("1.1", uri, proof)).AssertAccepted();

        Change("Nonces", "Required");
        (await _caller.SendAsync("1.1", uri)).AssertRefused("use_dpop_nonce");

        Change("Nonces", "Off");
        (await _caller.SendAsync("1.1", uri, proof)).AssertRefused("invalid_dpop_proof", "used before");
        (await _caller.SendAsync("1.1", uri)).AssertAccepted();
    }

    [Theory]
    [InlineData("ProofLifetime", "00:00:00")]
    [InlineData("ProofLifetime", "soon")]
    [InlineData("Lifetime", "00:10:00")]
    public async Task FaultyOptions_LeaveTheLastGoodOnesInForceAndAreLogged(string key, string value)
    {
        await using TestApi api = await StartAsync();
        string uri = api.Origin("1.1") + "/orders";
        (await _caller.SendAsync("1.1", uri)).AssertAccepted();

        _configuration["Dpop:Nonces"] = "Required";
        Change(key, value);

        (await _caller.SendAsync("1.1", uri)).AssertAccepted();
        Assert.Single(api.Logs.GetSnapshot(), log => log.Id.Name == "OptionsRefused" && log.Level == LogLevel.Error && log.Exception is not null);
    }

    [Fact]
    public async Task FaultyOptionsThatAreCorrected_ComeIntoForce()
    {
        await using TestApi api = await StartAsync();
        string uri = api.Origin("1.1") + "/orders";
        (await _caller.SendAsync("1.1", uri)).AssertAccepted();

        Change("Nonces", "Sometimes");
        Change("Nonces", "Required");

        (await _caller.SendAsync("1.1", uri)).AssertRefused("use_dpop_nonce");
    }

    private Task<TestApi> StartAsync() => TestApi.StartAsync(authentication: schemes => schemes
        .AddJwtBearer(bearer => bearer.TokenValidationParameters = TokenIssuer.Parameters)
        .AddDpop(_configuration.GetSection("Dpop")));

    private void Change(string key, string? value)
    {
        _configuration[$"Dpop:{key}"] = value;
        _configuration.Reload();
    }
}
