using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Requests;

/// <summary>A client whose key takes its time to open.</summary>
public sealed class SlowKeyTests : IDisposable
{
    /// <summary>Only a test that fails waits for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("dpop-slow-key-").FullName;
    private readonly ManualResetEventSlim _vault = new();

    [Fact]
    public async Task Asynchronous_sends_come_back_at_once_and_wait_for_the_key()
    {
        DpopKeyProtection protection = new(Slowly, Slowly);
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) => client
            .AddDpop(options => (options.KeyFile, options.KeyFileProtection) = (Path.Combine(_directory, "key"), protection))
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")));
        using HttpClient http = bench.CreateClient();
        IDpopTokens tokens = bench.Services.GetRequiredService<IDpopTokens>();

        // A send that opened the file in place would hold this task up.
        Task<(Task<HttpResponseMessage>[] Sends, Task<DpopAccessToken> Token)> starting = Task.Run(() =>
            (Enumerable.Range(0, 20).Select(_ => http.GetAsync("orders")).ToArray(), tokens.GetAsync(TokenBench.Client).AsTask()));
        (Task<HttpResponseMessage>[] sends, Task<DpopAccessToken> token) = await starting.WaitAsync(Patience);
        Assert.All(sends, send => Assert.False(send.IsCompleted));
        _vault.Set();
        foreach (HttpResponseMessage response in await Task.WhenAll(sends).WaitAsync(Patience))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            response.Dispose();
        }

        Assert.Equal("token-1", (await token).Value);
        Assert.Equal(1, bench.Tokens.Arrivals);
    }

    public void Dispose()
    {
        _vault.Set();
        _vault.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private byte[] Slowly(byte[] bytes)
    {
        _vault.Wait();
        return bytes;
    }
}
