using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DpopHttp.Tests.Handmade;
using DpopHttp.Tokens.Tests.Sharing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Redis.Tests;

/// <summary>Two instances of an API, each in a process of its own, over one real Redis.</summary>
public sealed class TwoProcessesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HandmadeKey _key = HandmadeKey.Create();
    private readonly string _tokenKey = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private RedisServer _redis = null!;
    private ApiProcess[] _apis = [];
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _token = Token();
    }

    public async ValueTask DisposeAsync()
    {
        Array.ForEach(_apis, api => api.Dispose());
        await _redis.DisposeAsync();
        _http.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task ThousandParallelReplaysOfAHundredProofs_AHundredAccepted()
    {
        await StartApisAsync(isPatient: true);
        string[] proofs = [.. Enumerable.Range(0, 100).Select(_ => Proof())];
        int[] accepted = new int[proofs.Length];
        int refused = 0;

        await Parallel.ForAsync(0, 1_000, new ParallelOptions { MaxDegreeOfParallelism = 50 }, async (i, _) =>
        {
            HttpStatusCode status = await SendAsync(_apis[i % 2], proofs[i / 10]);
            if (status == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref accepted[i / 10]);
            }
            else if (status == HttpStatusCode.Unauthorized)
            {
                Interlocked.Increment(ref refused);
            }
        });

        Assert.All(accepted, count => Assert.Equal(1, count));
        Assert.Equal(900, refused);
    }

    [Fact]
    public async Task RedisStopped_NothingIsAcceptedAndTheLogSaysSo_AndItComesBack()
    {
        await StartApisAsync();
        await AcceptedAsync(_apis[0]);

        await _redis.KillAsync();
        string proof = Proof();
        foreach (ApiProcess api in _apis)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(api, proof));
        }

        // The process logs, and its output is read, in the background.
        await UntilAsync(() => Task.FromResult(_apis[0].Output.Contains("the request is refused with 503", StringComparison.Ordinal)));
        Assert.Contains("Redis could not say whether the proof was used before", _apis[0].Output, StringComparison.Ordinal);
        Assert.DoesNotContain(_token, _apis[0].Output, StringComparison.Ordinal);

        await _redis.RestartAsync();
        await AcceptedAsync(_apis[0]);
    }

    [Fact]
    public async Task RedisHangs_NothingIsAccepted()
    {
        await StartApisAsync();
        await AcceptedAsync(_apis[0]);
        await _redis.PauseAsync();
        try
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(_apis[0], Proof()));
        }
        finally
        {
            await _redis.ResumeAsync();
        }
    }

    private async Task StartApisAsync(bool isPatient = false) => _apis = await Task.WhenAll(
        ApiProcess.StartAsync(_redis.Configuration, _tokenKey, isPatient), ApiProcess.StartAsync(_redis.Configuration, _tokenKey, isPatient));

    /// <summary>On a busy machine, connecting can take longer than the second that the store has.</summary>
    private Task AcceptedAsync(ApiProcess api) => UntilAsync(async () => await SendAsync(api, Proof()) == HttpStatusCode.OK);

    private static async Task UntilAsync(Func<Task<bool>> isDone)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!await isDone())
        {
            await Task.Delay(100, patience.Token);
        }
    }

    private async Task<HttpStatusCode> SendAsync(ApiProcess api, string proof)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(api.BaseAddress, "/orders"));
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", _token);
        request.Headers.Add("DPoP", proof);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return response.StatusCode;
    }

    private string Proof() => new HandmadeProof(_key, "GET", "https://api.example.com/orders", TimeProvider.System.GetUtcNow(), _token).ToString();

    private string Token()
    {
        JsonObject claims = new()
        {
            ["iss"] = "tests",
            ["aud"] = "orders-api",
            ["sub"] = "alice",
            ["exp"] = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds(),
            ["cnf"] = new JsonObject { ["jkt"] = _key.Thumbprint },
        };
        SymmetricSecurityKey key = new(Convert.FromHexString(_tokenKey));
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            claims.ToJsonString(), new SigningCredentials(key, SecurityAlgorithms.HmacSha256));
    }
}
