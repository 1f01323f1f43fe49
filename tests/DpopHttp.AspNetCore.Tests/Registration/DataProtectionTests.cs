using DpopHttp.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.AspNetCore.Tests.Registration;

/// <summary>Nonces of hosts that keep their key ring in one directory.</summary>
public sealed class DataProtectionTests : IDisposable
{
    private readonly DirectoryInfo _ring = Directory.CreateTempSubdirectory("dpop-ring-");

    // It stands still, so that no nonce changes in the middle of a test.
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly Caller _caller;

    public DataProtectionTests() => _caller = new Caller { Clock = _clock };

    public void Dispose()
    {
        _caller.Dispose();
        _ring.Delete(recursive: true);
    }

    [Fact]
    public async Task NonceOfAnotherHost_IsAcceptedForTwoSteps()
    {
        await using TestApi one = await StartAsync();
        await using TestApi other = await StartAsync();
        string nonce = await NonceOfAsync(one);
        Assert.Matches("^[A-Za-z0-9_-]+$", nonce);

        Answer answer = await SendAsync(other, nonce);
        answer.AssertAccepted();
        Assert.Null(answer.Nonce);

        _clock.Advance(TimeSpan.FromMinutes(1));
        answer = await SendAsync(other, nonce);
        answer.AssertAccepted();
        Assert.NotNull(answer.Nonce);
        (await SendAsync(one, answer.Nonce)).AssertAccepted();

        _clock.Advance(TimeSpan.FromMinutes(1));
        (await SendAsync(other, nonce)).AssertRefused("use_dpop_nonce");
    }

    [Fact]
    public async Task NewKeyInTheRing_ChallengesNobody()
    {
        await using TestApi one = await StartAsync();
        string before = await NonceOfAsync(one);

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        IKey key = one.Services.GetRequiredService<IKeyManager>().CreateNewKey(now, now.AddDays(90));
        await using TestApi other = await StartAsync();
        string after = await NonceOfAsync(other);

        Assert.Equal(key.KeyId, KeyOf(after));
        Assert.NotEqual(key.KeyId, KeyOf(before));
        (await SendAsync(other, before)).AssertAccepted();
        (await SendAsync(one, after)).AssertAccepted();
    }

    [Fact]
    public async Task NonceOfAnotherApplicationOrNone_IsRefused()
    {
        await using TestApi one = await StartAsync();
        await using TestApi other = await StartAsync("another");

        foreach (string nonce in (string[])[await NonceOfAsync(other), "x", "", "!"])
        {
            (await SendAsync(one, nonce)).AssertRefused("use_dpop_nonce");
        }
    }

    private Task<TestApi> StartAsync(string application = "orders") => TestApi.StartAsync(
        options =>
        {
            options.Nonces = DpopNonceMode.Required;
            options.NonceDataProtection = true;
            options.TimeProvider = _clock;
        },
        services => services.AddDataProtection().SetApplicationName(application).PersistKeysToFileSystem(_ring));

    private async Task<string> NonceOfAsync(TestApi api) => (await SendAsync(api, nonce: null)).Nonce!;

    private Task<Answer> SendAsync(TestApi api, string? nonce)
    {
        string uri = api.Origin("1.1") + "/orders";
        return _caller.SendAsync("1.1", uri, _caller.Proof(uri, nonce: nonce).ToString());
    }

    // Four bytes say what it is, sixteen name the key.
    private static Guid KeyOf(string nonce) => new(System.Buffers.Text.Base64Url.DecodeFromChars(nonce).AsSpan(4, 16));
}
