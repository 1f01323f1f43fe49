using System.Collections.Concurrent;
using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.RefreshTokens;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tokens.Tests.Secrecy;

/// <summary>At the most talkative level, in text and in structured state, no secret is in a log.</summary>
public class LogTests
{
    private const string Secret = "the-client-secret";

    [Theory]
    [InlineData(DpopClientSecretLocation.AuthorizationHeader)]
    [InlineData(DpopClientSecretLocation.Body)]
    public async Task Getting_using_renewing_and_losing_tokens_logs_no_secret(DpopClientSecretLocation place)
    {
        await using TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientSecretLocation) = (Secret, place));
        await UseAsync(bench);
        string basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"orders-worker:{Secret}"));
        AssertNotLogged(bench, Secret, basic);
    }

    [Fact]
    public async Task Assertions_are_in_no_log()
    {
        using DpopKey key = DpopKey.Generate();
        await using TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientAssertionJwk) = (null, key.ExportPrivateJwk()));
        await UseAsync(bench);
        AssertNotLogged(bench, [.. bench.Tokens.Requests.Select(request => request.Form["client_assertion"])]);
    }

    [Fact]
    public async Task Refresh_tokens_are_in_no_log()
    {
        Journal journal = new(new DpopRefreshToken("refresh-1"));
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: RotatingRefreshTokens.AddTo(journal));
        RotatingRefreshTokens.At(bench.Tokens);
        journal.FailsToSave = true;
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        journal.FailsToSave = false;
        (await bench.GetAsync()).Dispose();
        AssertNotLogged(bench, "refresh-1", "refresh-2", "refresh-3");
    }

    /// <summary>All that the library has to say about tokens.</summary>
    private static async Task UseAsync(TokenBench bench)
    {
        bench.Tokens.Nonce = "the-nonce";
        (await bench.GetAsync()).Dispose();
        bench.Tokens.Revoke("token-1");
        (await bench.GetAsync(async: false)).Dispose();
        bench.Tokens.Revoke("token-2");
        (await bench.GetAsync()).Dispose();
        bench.Api.RefusesAll = true;
        (await bench.GetAsync()).Dispose();
        bench.Tokens.Refuse(400, "invalid_client");
        (await bench.GetAsync()).Dispose();
    }

    private static void AssertNotLogged(TokenBench bench, params string[] secrets)
    {
        IReadOnlyList<FakeLogRecord> records = bench.Services.GetFakeLogCollector().GetSnapshot();
        Assert.Contains(records, record => record.Category?.EndsWith(".tokens.ClientHandler", StringComparison.Ordinal) == true && record.Id.Name == "RequestHeader");
        string[] tokens = [.. Enumerable.Range(1, 9).Select(i => $"token-{i}")];
        Assert.All(records, record =>
        {
            string text = $"{record.Message}\n{string.Join('\n', record.StructuredState?.Select(s => $"{s.Key}={s.Value}") ?? [])}\n{string.Join('\n', record.Scopes)}\n{record.Exception}";
            Assert.All([.. secrets, .. tokens, "the-nonce", "eyJ"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        });
    }
}
