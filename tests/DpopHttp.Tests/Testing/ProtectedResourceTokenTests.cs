using DpopHttp.Testing;
using DpopHttp.Tests.Handmade;
using Xunit;
using static DpopHttp.Tests.Testing.ResourceBench;

namespace DpopHttp.Tests.Testing;

/// <summary>Which key a token is bound to, and which tokens are refused.</summary>
public sealed class ProtectedResourceTokenTests : IDisposable
{
    private const string InvalidToken = "invalid_token";

    private readonly ResourceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task AcceptToken_ThisKey_IsAccepted()
    {
        _bench.Resource.AcceptToken(Token, _bench.Key.Thumbprint);

        await AssertErrorAsync(Token, null);
    }

    [Fact]
    public async Task AcceptToken_AnotherKey_IsRefusedAsInvalidToken()
    {
        _bench.Resource.AcceptToken(Token, "another-key");

        await AssertErrorAsync(Token, InvalidToken);
        Assert.Equal(DpopProofCheck.KeyBinding, _bench.LastReceived.FailedCheck);
    }

    [Fact]
    public async Task Send_JwtBoundToThisKey_IsAcceptedEvenWhereBoundTokensAreRequired()
    {
        _bench.Resource.RequireBoundToken = true;

        await AssertErrorAsync(BoundTo(_bench.Key.Thumbprint), null);
    }

    [Fact]
    public async Task Send_JwtBoundToAnotherKey_IsRefusedAsInvalidToken() => await AssertErrorAsync(BoundTo("another-key"), InvalidToken);

    [Fact]
    public async Task AcceptToken_JwtBoundToAnotherKey_OverrulesTheJwt()
    {
        string token = BoundTo("another-key");
        _bench.Resource.AcceptToken(token, _bench.Key.Thumbprint);

        await AssertErrorAsync(token, null);
    }

    [Theory]
    [InlineData("opaque", null)]
    [InlineData("not.a.jwt", null)]
    [InlineData(null, "{}")]
    [InlineData(null, "[]")]
    [InlineData(null, "{\"cnf\":\"text\"}")]
    [InlineData(null, "{\"cnf\":{}}")]
    [InlineData(null, "{\"cnf\":{\"jkt\":7}}")]
    public async Task Send_TokenThatNothingBinds_IsAcceptedUnlessBoundTokensAreRequired(string? token, string? claims)
    {
        token ??= JwtOf(claims!);
        await AssertErrorAsync(token, null);

        _bench.Resource.RequireBoundToken = true;
        await AssertErrorAsync(token, InvalidToken);
        Assert.False(_bench.LastReceived.Accepted);
        Assert.Null(_bench.LastReceived.FailedCheck);
    }

    [Fact]
    public async Task RefuseToken_ThenAcceptToken_RefusesUntilThen()
    {
        _bench.Resource.RefuseToken(Token);
        await AssertErrorAsync(Token, InvalidToken);
        await AssertErrorAsync("another-token", null);

        _bench.Resource.AcceptToken(Token, _bench.Key.Thumbprint);
        await AssertErrorAsync(Token, null);
    }

    [Fact]
    public async Task Send_SameProofTwice_IsRefusedAsInvalidToken()
    {
        string proof = _bench.Request().Headers.GetValues("DPoP").Single();
        string?[] errors = new string?[2];
        for (int i = 0; i < 2; i++)
        {
            using HttpRequestMessage request = _bench.Request();
            request.Headers.Remove("DPoP");
            request.Headers.Add("DPoP", proof);
            await _bench.SendAsync(request);
            errors[i] = _bench.LastReceived.Error;
        }

        Assert.Equal([null, InvalidToken], errors);
        Assert.Equal(DpopProofCheck.Replay, _bench.LastReceived.FailedCheck);
    }

    [Fact]
    public void AcceptAndRefuseToken_EmptyArguments_Throw()
    {
        Assert.Throws<ArgumentException>("token", () => _bench.Resource.AcceptToken("", "t"));
        Assert.Throws<ArgumentException>("thumbprint", () => _bench.Resource.AcceptToken("t", ""));
        Assert.Throws<ArgumentException>("token", () => _bench.Resource.RefuseToken(""));
    }

    private static string BoundTo(string thumbprint) => JwtOf($$$"""{"sub":"x","cnf":{"jkt":"{{{thumbprint}}}"}}""");

    private async Task AssertErrorAsync(string token, string? error)
    {
        using HttpResponseMessage response = await _bench.SendAsync(_bench.Request(token: token));

        Assert.Equal(error, _bench.LastReceived.Error);
        Assert.Equal(error is null, _bench.LastReceived.Accepted);
        Assert.Equal(error is null ? 200 : 401, (int)response.StatusCode);
        Assert.Equal(error is null ? 0 : 1, ChallengesOf(response).Count(c => c.Contains($"error=\"{error}\"", StringComparison.Ordinal)));
    }
}
