using System.Text.RegularExpressions;
using DpopHttp.Testing;
using DpopHttp.Tests.Handmade;
using Xunit;
using static DpopHttp.Tests.Testing.ResourceBench;

namespace DpopHttp.Tests.Testing;

/// <summary>Each mode of dealing in nonces.</summary>
public sealed partial class ProtectedResourceNonceTests
{
    [Fact]
    public void Nonces_Default_IsSteady() => Assert.Equal(NonceMode.Steady, new ProtectedResourceHandler().Nonces);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task None_NoNonceIsDemandedOrSent(bool synchronous)
    {
        using ResourceBench bench = new(NonceMode.None);

        Assert.Null(NonceOf(await bench.SendAsync(synchronous, bench.Request(nonce: "whatever"))));

        Assert.True(bench.LastReceived.Accepted);
        Assert.Equal("whatever", bench.LastReceived.Nonce);
        Assert.Null(bench.Resource.CurrentNonce);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Steady_EveryResponseBringsTheSameNonceUntilItRotates(bool synchronous)
    {
        using ResourceBench bench = new(NonceMode.Steady);

        string? challenged = NonceOf(await bench.SendAsync(synchronous, bench.Request()));
        AssertChallenged(bench);
        using HttpResponseMessage accepted = await bench.SendAsync(synchronous, bench.Request(challenged));
        Assert.True(bench.LastReceived.Accepted);
        Assert.Equal(challenged, NonceOf(accepted));
        Assert.True(accepted.Headers.CacheControl!.NoStore);
        Assert.Equal(challenged, NonceOf(await bench.SendAsync(synchronous, new HttpRequestMessage(HttpMethod.Get, ResourceBench.Uri))));
        Assert.Equal(challenged, bench.Resource.CurrentNonce);
        Assert.Matches(Base64Url128Bits(), challenged);

        bench.Resource.RotateNonce();
        string? rotated = NonceOf(await bench.SendAsync(synchronous, bench.Request(challenged)));
        AssertChallenged(bench);
        Assert.Equal(challenged, bench.LastReceived.Nonce);
        Assert.NotEqual(challenged, rotated);
        await bench.SendAsync(synchronous, bench.Request(rotated));
        Assert.True(bench.LastReceived.Accepted);
    }

    [Fact]
    public async Task OnChallengeOnly_OtherResponsesBringNone()
    {
        using ResourceBench bench = new(NonceMode.OnChallengeOnly);

        string? nonce = NonceOf(await bench.SendAsync(bench.Request()));
        AssertChallenged(bench);
        Assert.NotNull(nonce);
        Assert.Null(NonceOf(await bench.SendAsync(bench.Request(nonce))));
        Assert.True(bench.LastReceived.Accepted);
        Assert.Null(NonceOf(await bench.SendAsync(bench.Request(nonce, spoil: p => p.Claims["htm"] = "PUT"))));
        Assert.Equal("invalid_dpop_proof", bench.LastReceived.Error);
        bench.Resource.RotateNonce();
        Assert.Equal(bench.Resource.CurrentNonce, NonceOf(await bench.SendAsync(bench.Request(nonce))));
        AssertChallenged(bench);
    }

    [Fact]
    public async Task RotateEachResponse_TheLastThreeAreAccepted()
    {
        using ResourceBench bench = new(NonceMode.RotateEachResponse);
        List<string?> nonces = [NonceOf(await bench.SendAsync(bench.Request()))];
        for (int i = 0; i < 3; i++)
        {
            nonces.Add(NonceOf(await bench.SendAsync(bench.Request(nonces[0]))));
            Assert.True(bench.LastReceived.Accepted);
        }

        Assert.Equal(4, nonces.Distinct().Count());
        Assert.Equal(nonces[3], bench.Resource.CurrentNonce);
        await bench.SendAsync(bench.Request(nonces[0]));
        AssertChallenged(bench);
    }

    [Fact]
    public async Task RotateEachResponse_Rotated_OlderOnesAreRefused()
    {
        using ResourceBench bench = new(NonceMode.RotateEachResponse);
        string? nonce = NonceOf(await bench.SendAsync(bench.Request()));

        bench.Resource.RotateNonce();

        await bench.SendAsync(bench.Request(nonce));
        AssertChallenged(bench);
    }

    [Fact]
    public async Task OneTime_EachIsAcceptedOnceWheneverItComes()
    {
        using ResourceBench bench = new(NonceMode.OneTime);
        List<string?> nonces = [];
        for (int i = 0; i < 5; i++)
        {
            nonces.Add(NonceOf(await bench.SendAsync(bench.Request())));
            AssertChallenged(bench);
        }

        Assert.Equal(5, nonces.Distinct().Count());
        foreach (string? nonce in nonces)
        {
            await bench.SendAsync(bench.Request(nonce));
            Assert.True(bench.LastReceived.Accepted);
            await bench.SendAsync(bench.Request(nonce));
            AssertChallenged(bench);
        }
    }

    [Fact]
    public async Task OneTime_SameNonceFromManyThreads_IsAcceptedOnce()
    {
        using ResourceBench bench = new(NonceMode.OneTime);
        string? nonce = NonceOf(await bench.SendAsync(bench.Request()));

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => bench.SendAsync(bench.Request(nonce)))));

        Assert.Single(bench.Resource.Requests, r => r.Accepted);
    }

    [Fact]
    public async Task OneTime_MoreThanAreKept_TheOldestAreForgotten()
    {
        using ResourceBench bench = new(NonceMode.OneTime);
        string? oldest = NonceOf(await bench.SendAsync(bench.Request()));
        string? second = NonceOf(await bench.SendAsync(bench.Request()));
        for (int i = 0; i < 1_023; i++)
        {
            using HttpRequestMessage withoutToken = new(HttpMethod.Get, ResourceBench.Uri);
            await bench.SendAsync(withoutToken);
        }

        await bench.SendAsync(bench.Request(second));
        Assert.True(bench.LastReceived.Accepted);
        await bench.SendAsync(bench.Request(oldest));
        AssertChallenged(bench);
    }

    [Theory]
    [InlineData(NonceMode.NeverAccepted, 3)]
    [InlineData(NonceMode.RepeatRefused, 1)]
    public async Task NeverAccepted_And_RepeatRefused_ChallengeForEver(NonceMode mode, int distinct)
    {
        using ResourceBench bench = new(mode);
        List<string?> nonces = [null];
        for (int i = 0; i < 3; i++)
        {
            nonces.Add(NonceOf(await bench.SendAsync(bench.Request(nonces[^1]))));
            AssertChallenged(bench);
            Assert.Equal(nonces[^1], bench.Resource.CurrentNonce);
        }

        Assert.Equal(distinct, nonces.Skip(1).Distinct().Count());
        Assert.Null(NonceOf(await bench.SendAsync(new HttpRequestMessage(HttpMethod.Get, ResourceBench.Uri))));
    }

    [Fact]
    public async Task Nonces_ChangedBetweenRequests_HoldsFromTheNextOn()
    {
        using ResourceBench bench = new(NonceMode.None);
        await bench.SendAsync(bench.Request());
        Assert.True(bench.LastReceived.Accepted);

        bench.Resource.Nonces = NonceMode.Steady;

        await bench.SendAsync(bench.Request());
        AssertChallenged(bench);
        await bench.SendAsync(bench.Request(bench.Resource.CurrentNonce));
        Assert.True(bench.LastReceived.Accepted);
    }

    private static void AssertChallenged(ResourceBench bench)
    {
        Assert.Equal("use_dpop_nonce", bench.LastReceived.Error);
        Assert.Equal(DpopProofCheck.Nonce, bench.LastReceived.FailedCheck);
        Assert.False(bench.LastReceived.Accepted);
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{22}$")]
    private static partial Regex Base64Url128Bits();
}
