using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DpopHttp.Testing;
using DpopHttp.Tests.Handmade;
using Xunit;
using static DpopHttp.Tests.Testing.ResourceBench;

namespace DpopHttp.Tests.Testing;

/// <summary>Which requests are accepted, what they get, and what is recorded of them.</summary>
public sealed class ProtectedResourceTests : IDisposable
{
    private readonly ResourceBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_GoodRequest_IsAnsweredAndRecorded(bool synchronous)
    {
        using HttpRequestMessage request = _bench.Post(new StringContent("a body"));

        using HttpResponseMessage response = await _bench.SendAsync(synchronous, request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ok").GetBoolean());
        Assert.Equal(_bench.Clock.GetUtcNow(), response.Headers.Date);
        Assert.Same(request, response.RequestMessage);
        Assert.Null(NonceOf(response));
        Assert.Null(response.Headers.CacheControl);
        ReceivedRequest received = Assert.Single(_bench.Resource.Requests);
        Assert.Equal(("POST", new Uri(ResourceBench.Uri)), (received.Method, received.Uri));
        Assert.Equal(("DPoP", Token), (received.AuthorizationScheme, received.AccessToken));
        Assert.Equal(Assert.Single(request.Headers.GetValues("DPoP")), received.Proof);
        Assert.Equal("a body", BodyOf(received));
        Assert.True(received.Accepted);
        Assert.True(received.ProofResult!.IsValid);
        Assert.Equal(HttpStatusCode.OK, received.StatusCode);
        Assert.Equal((null, null, null), (received.FailedCheck, received.Error, received.Nonce));
    }

    [Fact]
    public async Task Requests_ToString_ShowsNeitherTokenNorQuery()
    {
        await _bench.SendAsync(_bench.Request());
        await _bench.SendAsync(_bench.Request(spoil: p => p.Claims["htm"] = "PUT"));

        Assert.Equal("GET https://api.example.com/orders -> 200 valid", _bench.Resource.Requests[0].ToString());
        Assert.Equal(
            "GET https://api.example.com/orders -> 401 invalid_dpop_proof Method: The htm is 'PUT'; the request is 'GET'.",
            _bench.Resource.Requests[1].ToString());
    }

    [Theory]
    [InlineData("Bearer an-opaque-token", "Bearer", Token)]
    [InlineData("DPoP", "DPoP", null)]
    [InlineData(null, null, null)]
    public async Task Send_NoTokenOfTheDpopScheme_IsRefusedWithoutError(string? header, string? scheme, string? token)
    {
        using HttpRequestMessage request = _bench.Request(token: null);
        request.Headers.TryAddWithoutValidation("Authorization", header is null ? [] : [header]);

        using HttpResponseMessage response = await _bench.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("DPoP algs=\"ES256 ES384 ES512 PS256 PS384 PS512 RS256 RS384 RS512\"", Assert.Single(ChallengesOf(response)));
        Assert.Equal((scheme, token), (_bench.LastReceived.AuthorizationScheme, _bench.LastReceived.AccessToken));
        Assert.Null(_bench.LastReceived.ProofResult);
        Assert.False(_bench.LastReceived.Accepted);
    }

    [Fact]
    public async Task Send_TwoAuthorizationHeaders_IsRefusedWithoutError()
    {
        using HttpRequestMessage request = _bench.Request(token: null);
        request.Headers.TryAddWithoutValidation("Authorization", ["DPoP a", "DPoP b"]);

        using HttpResponseMessage response = await _bench.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Null(_bench.LastReceived.AccessToken);
    }

    [Theory]
    [InlineData("dpop")]
    [InlineData("DPOP")]
    public async Task Send_SchemeInAnotherCase_IsAccepted(string scheme)
    {
        using HttpRequestMessage request = _bench.Request();
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, Token);

        await _bench.SendAsync(request);

        Assert.True(_bench.LastReceived.Accepted);
        Assert.Equal(scheme, _bench.LastReceived.AuthorizationScheme);
    }

    [Fact]
    public async Task Send_RequireTokenOff_AProofAloneWillDo()
    {
        _bench.Resource.RequireToken = false;

        await _bench.SendAsync(_bench.Request(token: null));
        Assert.True(_bench.LastReceived.Accepted);

        using HttpRequestMessage withoutProof = new(HttpMethod.Get, ResourceBench.Uri);
        await _bench.SendAsync(withoutProof);
        Assert.Equal(DpopProofCheck.SingleHeader, _bench.LastReceived.FailedCheck);
    }

    [Fact]
    public async Task Send_RequireTokenOff_ATokenThatCameIsStillHashed()
    {
        _bench.Resource.RequireToken = false;

        await _bench.SendAsync(_bench.Request(spoil: p => p.Claims.Remove("ath")));

        Assert.Equal(DpopProofCheck.AccessTokenHash, _bench.LastReceived.FailedCheck);
    }

    [Fact]
    public async Task Send_TwoProofs_AreBothRecordedAndRefused()
    {
        using HttpRequestMessage request = _bench.Request();
        request.Headers.Add("DPoP", "another");

        await _bench.SendAsync(request);

        Assert.Equal(2, _bench.LastReceived.Proofs.Count);
        Assert.Null(_bench.LastReceived.Proof);
        Assert.Equal(DpopProofCheck.SingleHeader, _bench.LastReceived.FailedCheck);
    }

    [Theory]
    [InlineData(60, 200)]
    [InlineData(61, 401)]
    [InlineData(-6, 401)]
    public async Task ClockOffset_Set_ShowsInDateAndInTheJudgementOfProofs(int seconds, int status)
    {
        _bench.Resource.ClockOffset = TimeSpan.FromSeconds(seconds);

        using HttpResponseMessage response = await _bench.SendAsync(_bench.Request());

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(_bench.Clock.GetUtcNow().AddSeconds(seconds), response.Headers.Date);
        Assert.Equal(status == 200 ? null : DpopProofCheck.IssuedAt, _bench.LastReceived.FailedCheck);
    }

    [Fact]
    public async Task Send_HostHeader_IsTheAuthorityOfTheRequest()
    {
        using HttpRequestMessage request = _bench.Request(spoil: p => p.Claims["htu"] = "https://public.example.com:8443/orders");
        request.Headers.Host = "public.example.com:8443";

        await _bench.SendAsync(request);

        Assert.True(_bench.LastReceived.Accepted, _bench.LastReceived.ToString());
        Assert.Equal("https://public.example.com:8443/orders?page=2", _bench.LastReceived.Uri.AbsoluteUri);
    }

    [Fact]
    public async Task Send_KnownMethodInLowerCase_ArrivesAsHttpClientSendsIt()
    {
        using HttpRequestMessage request = _bench.Request(method: "patch", spoil: p => p.Claims["htm"] = "PATCH");

        await _bench.SendAsync(request);

        Assert.True(_bench.LastReceived.Accepted, _bench.LastReceived.ToString());
        Assert.Equal("PATCH", _bench.LastReceived.Method);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_NoAbsoluteUri_Throws(bool synchronous)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/orders");

        await Assert.ThrowsAsync<InvalidOperationException>(() => _bench.SendAsync(synchronous, request));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Send_CancelledBefore_ThrowsAndRecordsNothing(bool synchronous)
    {
        CancellationToken cancelled = new(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bench.SendAsync(synchronous, _bench.Request(), cancelled));

        Assert.Empty(_bench.Resource.Requests);
    }

    [Fact]
    public async Task Send_FromManyThreads_RecordsEachRequest()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => _bench.SendAsync(synchronous: i % 2 == 0, _bench.Request())));

        Assert.Equal(64, _bench.Resource.Requests.Count);
        Assert.All(_bench.Resource.Requests, r => Assert.True(r.Accepted, r.ToString()));
    }

    [Fact]
    public async Task Send_ThroughAnHttpClientThatIsGone_GoesOnWithANewOne()
    {
        foreach (int expected in (int[])[1, 2])
        {
            using HttpClient client = new(_bench.Resource);
            await client.SendAsync(_bench.Request());
            Assert.Equal(expected, _bench.Resource.Requests.Count(r => r.Accepted));
        }
    }
}
