using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.RefreshTokens;

/// <summary>An answer whose access token can't be used has used the refresh token up all the same: the next one isn't lost.</summary>
public class UnusableAnswerTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData("Bearer")]
    [InlineData(null)]
    public async Task The_refresh_token_of_an_answer_without_a_bound_token_is_kept(string? tokenType)
    {
        Journal journal = new(new DpopRefreshToken("refresh-1"));
        await using TokenBench bench = await TokenBench.StartAsync(time: _time, addTokens: RotatingRefreshTokens.AddTo(journal));
        RotatingRefreshTokens server = RotatingRefreshTokens.At(bench.Tokens);
        bench.Tokens.TokenType = tokenType;
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.TokenNotBound, exception.Code);
        Assert.Equal("refresh-2", (await journal.LoadAsync(CancellationToken.None))?.Value);
        Assert.Equal(DpopTokenErrorCodes.TokenNotBound, (await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync())).Code);
        Assert.Single(bench.Tokens.Requests);

        bench.Tokens.TokenType = "DPoP";
        _time.Advance(TimeSpan.FromSeconds(6));
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal((HttpStatusCode.OK, false), (response.StatusCode, server.IsRevoked));
    }

    [Fact]
    public async Task The_fault_of_the_answer_is_told_and_what_the_store_does_not_take_is_saved_with_the_next_call()
    {
        Journal journal = new(new DpopRefreshToken("refresh-1")) { FailsToSave = true };
        await using TokenBench bench = await TokenBench.StartAsync(time: _time, addTokens: RotatingRefreshTokens.AddTo(journal));
        RotatingRefreshTokens server = RotatingRefreshTokens.At(bench.Tokens);
        bench.Tokens.TokenType = "Bearer";
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());

        (bench.Tokens.TokenType, journal.FailsToSave) = ("DPoP", false);
        _time.Advance(TimeSpan.FromSeconds(6));
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal((HttpStatusCode.OK, false), (response.StatusCode, server.IsRevoked));
    }

    [Fact]
    public async Task A_lock_that_cannot_be_given_back_keeps_the_token_from_nobody()
    {
        Journal journal = new(new DpopRefreshToken("refresh-1")) { FailsToRelease = true };
        await using TokenBench bench = await TokenBench.StartAsync(time: _time, addTokens: RotatingRefreshTokens.AddTo(journal));
        RotatingRefreshTokens.At(bench.Tokens);
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("RefreshTokenLockFailed", bench.Logged);
    }
}
