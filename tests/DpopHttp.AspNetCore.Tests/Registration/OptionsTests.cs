using DpopHttp.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.AspNetCore.Tests.Registration;

/// <summary>What is told when the host starts.</summary>
public sealed class OptionsTests
{
    [Fact]
    public async Task Start_SchemeThatIsNotThere_FailsAndNamesThoseThatAre()
    {
        OptionsValidationException error = await FailsAsync(schemes => schemes.AddJwtBearer("Api", _ => { }).AddDpop());

        Assert.Contains("the scheme 'Bearer': there is no such scheme; there are: Api.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SchemeOfCookies_Fails()
    {
        OptionsValidationException error = await FailsAsync(
            schemes => schemes.AddCookie().AddDpop(CookieAuthenticationDefaults.AuthenticationScheme, _ => { }));

        Assert.Contains("signs users in or out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SharedReplayWithoutAStore_Fails()
    {
        OptionsValidationException error = await FailsAsync(
            schemes => schemes.AddJwtBearer().AddDpop(options => options.Replay = DpopReplayDetection.Shared));

        Assert.Contains("no DpopReplayStore is registered", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_AreAsDocumented()
    {
        DpopAuthenticationOptions options = new();

        Assert.Equal((60, 15, 60), (options.ProofLifetime.TotalSeconds, options.ClockSkew.TotalSeconds, options.NonceStep.TotalSeconds));
        Assert.Equal((DpopBearerTokens.Reject, DpopNonceMode.Off), (options.BearerTokens, options.Nonces));
        Assert.Equal((DpopReplayDetection.Automatic, DpopReplayFailure.Refuse), (options.Replay, options.ReplayFailure));
        Assert.Equal((8_192, 1_000_000), (options.MaximumProofLength, options.MaximumReplayEntries));
    }

    [Fact]
    public async Task Start_ManyFaults_TellsAllAtOnceAndNoSecret()
    {
        OptionsValidationException error = await FailsAsync(schemes => schemes.AddJwtBearer().AddDpop(options =>
        {
            options.Algorithms.Add("HS256");
            options.ProofLifetime = TimeSpan.Zero;
            options.ClockSkew = TimeSpan.FromSeconds(-1);
            options.NonceStep = TimeSpan.Zero;
            options.NonceSecret = "hunter2";
            options.PublicOrigin = new Uri("https://u@api.example.com?x");
            options.MaximumProofLength = 1;
            options.MaximumReplayEntries = 0;
            options.Nonces = (DpopNonceMode)7;
        }));

        Assert.Equal(9, error.Failures.Count());
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoncesByDataProtectionAndASecret_Fails()
    {
        IConfiguration configuration = Configuration(new()
        {
            ["Dpop:NonceDataProtection"] = "true", ["Dpop:NonceSecret"] = Convert.ToBase64String(new byte[32]),
        });

        OptionsValidationException error = await FailsAsync(schemes => schemes.AddJwtBearer().AddDpop(configuration.GetSection("Dpop")));

        Assert.Contains("NonceDataProtection is set beside NonceSecret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SectionWithAnUnknownKey_FailsAndNamesSectionAndKnownKeys()
    {
        IConfiguration configuration = Configuration(new() { ["Dpop:Nonce"] = "Required" });

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestApi.StartAsync(authentication: schemes => schemes.AddJwtBearer().AddDpop(configuration.GetSection("Dpop"))));

        Assert.Contains("section 'Dpop'", error.Message, StringComparison.Ordinal);
        Assert.Contains("NonceSecret, NonceStep, Nonces", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AlgorithmsThatAreNoList_Fails()
    {
        IConfiguration configuration = Configuration(new() { ["Dpop:Algorithms"] = "ES256", ["Dpop:Nonces"] = "Off" });

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestApi.StartAsync(authentication: schemes => schemes.AddJwtBearer().AddDpop(configuration.GetSection("Dpop"))));

        Assert.Contains("Algorithms", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SectionThatIsMissing_Fails()
    {
        IConfiguration configuration = Configuration([]);

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => TestApi.StartAsync(authentication: schemes => schemes.AddJwtBearer().AddDpop(configuration.GetSection("Dpop"))));

        Assert.Contains("'Dpop' is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Section_EveryKey_IsRead()
    {
        string secret = Convert.ToBase64String(new byte[32]);
        IConfiguration configuration = Configuration(new()
        {
            ["Dpop:BearerTokens"] = "AllowUnbound", ["Dpop:Algorithms:0"] = "ES256", ["Dpop:ProofLifetime"] = "00:00:30", ["Dpop:ClockSkew"] = "00:00:05",
            ["Dpop:Nonces"] = "Required", ["Dpop:NonceStep"] = "00:02:00", ["Dpop:NonceSecret"] = secret, ["Dpop:OtherNonceSecret"] = secret,
            ["Dpop:Replay"] = "Memory", ["Dpop:ReplayFailure"] = "Accept", ["Dpop:MaximumReplayEntries"] = "10",
            ["Dpop:PublicOrigin"] = "https://api.example.com", ["Dpop:MaximumProofLength"] = "4096",
        });
        await using TestApi api = await TestApi.StartAsync(authentication: schemes => schemes.AddJwtBearer().AddDpop(configuration.GetSection("Dpop")));

        DpopAuthenticationOptions options = api.Services.GetRequiredService<IOptionsMonitor<DpopAuthenticationOptions>>().Get("Bearer");

        Assert.Equal((DpopBearerTokens.AllowUnbound, DpopNonceMode.Required), (options.BearerTokens, options.Nonces));
        Assert.Equal((DpopReplayDetection.Memory, DpopReplayFailure.Accept), (options.Replay, options.ReplayFailure));
        Assert.Equal((30, 5, 120), (options.ProofLifetime.TotalSeconds, options.ClockSkew.TotalSeconds, options.NonceStep.TotalSeconds));
        Assert.Equal((secret, secret, 10, 4096), (options.NonceSecret, options.OtherNonceSecret, options.MaximumReplayEntries, options.MaximumProofLength));
        Assert.Equal(new Uri("https://api.example.com"), options.PublicOrigin);
        Assert.Equal("ES256", Assert.Single(options.Algorithms));
    }

    private static IConfiguration Configuration(Dictionary<string, string?> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values).Build();

    private static Task<OptionsValidationException> FailsAsync(Action<AuthenticationBuilder> authentication) =>
        Assert.ThrowsAsync<OptionsValidationException>(() => TestApi.StartAsync(authentication: authentication));
}
