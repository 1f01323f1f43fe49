using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Handmade;
using Xunit;
using static DpopHttp.Tests.Testing.ResourceBench;

namespace DpopHttp.Tests.Testing;

/// <summary>When a body is read, and what the answering delegate sees of it.</summary>
public sealed class ProtectedResourceBodyTests : IDisposable
{
    private readonly ResourceBench _bench = new(NonceMode.Steady);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_OneShotBodyRefused_IsUsedUp(bool synchronous)
    {
        using OneShotContent content = new("once");

        await _bench.SendAsync(synchronous, _bench.Post(content));
        Assert.Equal("once", BodyOf(_bench.LastReceived));

        await _bench.SendAsync(synchronous, _bench.Post(content, _bench.Resource.CurrentNonce));
        Assert.True(_bench.LastReceived.Accepted);
        Assert.Equal("", BodyOf(_bench.LastReceived));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_ExpectContinueRefused_LeavesTheBodyAlone(bool synchronous)
    {
        using OneShotContent content = new("once");
        using HttpRequestMessage first = _bench.Post(content);
        first.Headers.ExpectContinue = true;
        using HttpRequestMessage second = _bench.Post(content, _bench.Resource.CurrentNonce);
        second.Headers.ExpectContinue = true;

        await _bench.SendAsync(synchronous, first);
        Assert.Null(_bench.LastReceived.Body);
        Assert.Equal(0, content.Serializations);

        await _bench.SendAsync(synchronous, second);
        Assert.Equal("once", BodyOf(_bench.LastReceived));
    }

    [Fact]
    public async Task Send_NoContent_RecordsAnEmptyBody()
    {
        await _bench.SendAsync(_bench.Request(_bench.Resource.CurrentNonce));

        Assert.Equal("", BodyOf(_bench.LastReceived));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Respond_Set_GetsACopyWithTheBodyThatArrived(bool synchronous)
    {
        using OneShotContent content = new("once");
        content.Headers.Add("Content-Language", "en");
        using HttpRequestMessage request = _bench.Post(content, _bench.Resource.CurrentNonce);
        request.Headers.Add("X-Test", ["1", "2"]);
        string? seen = null;
        _bench.Resource.Respond = async (copy, cancellationToken) =>
        {
            await Task.Yield();
            Assert.NotSame(request, copy);
            Assert.Equal(request.Headers.Authorization, copy.Headers.Authorization);
            seen = $"{copy.Method} {copy.RequestUri} {string.Join('|', copy.Headers.GetValues("X-Test"))} "
                + $"{copy.Content!.Headers.ContentLanguage} {await copy.Content.ReadAsStringAsync(cancellationToken)}";
            return new HttpResponseMessage(HttpStatusCode.Created);
        };

        using HttpResponseMessage response = await _bench.SendAsync(synchronous, request);

        Assert.Equal($"POST {ResourceBench.Uri} 1|2 en once", seen);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(HttpStatusCode.Created, _bench.LastReceived.StatusCode);
        Assert.Same(request, response.RequestMessage);
        Assert.NotNull(NonceOf(response));
        Assert.Equal(_bench.Clock.GetUtcNow(), response.Headers.Date);
    }

    [Fact]
    public async Task Respond_WithNoncesOfItsOwn_KeepsThem()
    {
        _bench.Resource.Respond = (_, _) =>
        {
            HttpResponseMessage response = new(HttpStatusCode.OK);
            response.Headers.Add("DPoP-Nonce", ["one", "two"]);
            return Task.FromResult(response);
        };

        using HttpResponseMessage response = await _bench.SendAsync(_bench.Request(_bench.Resource.CurrentNonce));

        Assert.Equal(["one", "two"], response.Headers.GetValues("DPoP-Nonce"));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Respond_NotReached_WhenTheRequestIsRefused()
    {
        _bench.Resource.Respond = (_, _) => throw new InvalidOperationException("must not run");

        using HttpResponseMessage response = await _bench.SendAsync(_bench.Request());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Send_CancelledWhileTheBodyIsRead_Throws()
    {
        using CancellationTokenSource source = new();
        using StreamContent content = new(new CancellingStream(source));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _bench.SendAsync(synchronous: false, _bench.Post(content, _bench.Resource.CurrentNonce), source.Token));

        Assert.Null(_bench.LastReceived.Body);
        Assert.Null(_bench.LastReceived.StatusCode);
    }

    private sealed class CancellingStream(CancellationTokenSource source) : MemoryStream(new byte[10])
    {
        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            await source.CancelAsync();
            await base.CopyToAsync(destination, bufferSize, cancellationToken);
        }
    }
}
