using System.Net;
using System.Net.Sockets;
using DpopHttp.Testing;
using DpopHttp.Tests.Handmade;
using Xunit;
using static DpopHttp.Tests.Testing.ResourceBench;

namespace DpopHttp.Tests.Testing;

/// <summary>Each fault, over Send and SendAsync.</summary>
public sealed class ProtectedResourceFaultTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ResourceBench _bench = new(NonceMode.Steady);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Status_ForOneRequest_UsesUpItsProof(bool synchronous)
    {
        _bench.Resource.Enqueue(ProtectedResourceFault.Status(HttpStatusCode.ServiceUnavailable));
        using HttpRequestMessage request = _bench.Request(_bench.Resource.CurrentNonce);

        using HttpResponseMessage response = await _bench.SendAsync(synchronous, request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(_bench.Resource.CurrentNonce, NonceOf(response));
        Assert.Equal(_bench.Clock.GetUtcNow(), response.Headers.Date);
        Assert.Same(request, response.RequestMessage);
        Assert.True(_bench.LastReceived.Accepted);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, _bench.LastReceived.StatusCode);
        await _bench.SendAsync(synchronous, request);
        Assert.Equal(DpopProofCheck.Replay, _bench.LastReceived.FailedCheck);
    }

    [Fact]
    public async Task Status_ForARequestWithoutNonce_TakesThePlaceOfTheChallenge()
    {
        _bench.Resource.Enqueue(ProtectedResourceFault.Status(HttpStatusCode.BadGateway));

        using HttpResponseMessage response = await _bench.SendAsync(_bench.Request());

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.False(_bench.LastReceived.Accepted);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Enqueue_SeveralFaults_PlaysThemInOrder()
    {
        _bench.Resource.Enqueue(ProtectedResourceFault.Status(HttpStatusCode.BadGateway));
        _bench.Resource.Enqueue(ProtectedResourceFault.Status(HttpStatusCode.GatewayTimeout));
        List<int> statuses = [];
        for (int i = 0; i < 3; i++)
        {
            statuses.Add((int)(await _bench.SendAsync(_bench.Request(_bench.Resource.CurrentNonce))).StatusCode);
        }

        Assert.Equal([502, 504, 200], statuses);
    }

    [Theory]
    [InlineData(false, "https://elsewhere.example.com/x")]
    [InlineData(true, "/relative")]
    public async Task Redirect_ForOneRequest_NamesTheLocation(bool synchronous, string location)
    {
        Uri target = new(location, UriKind.RelativeOrAbsolute);
        _bench.Resource.Enqueue(ProtectedResourceFault.Redirect(HttpStatusCode.TemporaryRedirect, target));

        using HttpResponseMessage response = await _bench.SendAsync(synchronous, _bench.Post(new StringContent("x")));

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal(target, response.Headers.Location);
        Assert.Equal("x", BodyOf(_bench.LastReceived));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RefuseAfterAccept_ActsAndThenChallengesWithANewNonce(bool synchronous)
    {
        int acted = 0;
        _bench.Resource.Respond = (_, _) =>
        {
            acted++;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        };
        _bench.Resource.Enqueue(ProtectedResourceFault.RefuseAfterAccept());
        string? nonce = NonceOf(await _bench.SendAsync(synchronous, _bench.Post(new StringContent("x"))));
        Assert.Equal((0, DpopProofCheck.Nonce), (acted, _bench.LastReceived.FailedCheck));

        using HttpResponseMessage response = await _bench.SendAsync(synchronous, _bench.Post(new StringContent("x"), nonce));

        Assert.Equal(1, acted);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("error=\"use_dpop_nonce\"", Assert.Single(ChallengesOf(response)), StringComparison.Ordinal);
        Assert.NotEqual(nonce, NonceOf(response));
        Assert.Equal(_bench.Resource.CurrentNonce, NonceOf(response));
        Assert.Equal((true, "use_dpop_nonce", "x"), (_bench.LastReceived.Accepted, _bench.LastReceived.Error, BodyOf(_bench.LastReceived)));
        await _bench.SendAsync(synchronous, _bench.Post(new StringContent("x"), NonceOf(response)));
        Assert.Equal(2, acted);
    }

    [Fact]
    public async Task RefuseAfterAccept_NoncesOff_StillBringsOne()
    {
        _bench.Resource.Nonces = NonceMode.None;
        _bench.Resource.Enqueue(ProtectedResourceFault.RefuseAfterAccept());

        Assert.NotNull(NonceOf(await _bench.SendAsync(_bench.Request())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hang_UntilCancelled(bool synchronous)
    {
        _bench.Resource.Enqueue(ProtectedResourceFault.Hang());
        using CancellationTokenSource source = new();

        Task<HttpResponseMessage> send = _bench.SendAsync(synchronous, _bench.Post(new StringContent("x")), source.Token);
        while (_bench.Resource.Requests.Count == 0 || _bench.LastReceived.Body is null)
        {
            await Task.Delay(1);
        }

        Assert.False(send.IsCompleted);
        await source.CancelAsync();
        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send.WaitAsync(Patience));
        Assert.Equal(source.Token, thrown.CancellationToken);
        Assert.Null(_bench.LastReceived.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DropAfterBody_ReadsTheBodyAndLosesTheConnection(bool synchronous)
    {
        _bench.Resource.Enqueue(ProtectedResourceFault.DropAfterBody());
        using OneShotContent content = new("x");

        await AssertLostAsync(_bench.SendAsync(synchronous, _bench.Post(content)));

        Assert.Equal(1, content.Serializations);
        Assert.Equal("x", BodyOf(_bench.LastReceived));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DropBeforeBody_LeavesTheBodyAlone(bool synchronous)
    {
        _bench.Resource.Enqueue(ProtectedResourceFault.DropBeforeBody());
        using OneShotContent content = new("x");

        await AssertLostAsync(_bench.SendAsync(synchronous, _bench.Post(content)));

        Assert.Equal(0, content.Serializations);
        Assert.Null(_bench.LastReceived.Body);
    }

    [Fact]
    public async Task Hang_WithExpectContinue_LeavesTheBodyAlone()
    {
        _bench.Resource.Enqueue(ProtectedResourceFault.Hang());
        using OneShotContent content = new("x");
        using HttpRequestMessage request = _bench.Post(content);
        request.Headers.ExpectContinue = true;
        using CancellationTokenSource source = new();

        Task<HttpResponseMessage> send = _bench.SendAsync(synchronous: false, request, source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send.WaitAsync(Patience));
        Assert.Equal(0, content.Serializations);
    }

    [Fact]
    public void Enqueue_Null_Throws()
    {
        Assert.Throws<ArgumentNullException>("fault", () => _bench.Resource.Enqueue(null!));
        Assert.Throws<ArgumentNullException>("location", () => ProtectedResourceFault.Redirect(HttpStatusCode.Found, null!));
    }

    private async Task AssertLostAsync(Task<HttpResponseMessage> send)
    {
        HttpRequestException thrown = await Assert.ThrowsAsync<HttpRequestException>(() => send);
        IOException inner = Assert.IsType<IOException>(thrown.InnerException);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(inner.InnerException).SocketErrorCode);
        Assert.Null(thrown.StatusCode);
        Assert.Null(_bench.LastReceived.StatusCode);
    }
}
