using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using DpopHttp.Testing;
using DpopHttp.Tests.Handmade;
using Xunit;
using static DpopHttp.Tests.Testing.ResourceBench;

namespace DpopHttp.Tests.Testing;

/// <summary>What refusals look like.</summary>
public sealed class ProtectedResourceChallengeTests : IDisposable
{
    private const string Algorithms = "algs=\"ES256 ES384 ES512 PS256 PS384 PS512 RS256 RS384 RS512\"";

    private readonly ResourceBench _bench = new(NonceMode.Steady);

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unauthorized_MissingNonce_AsksForOne(bool synchronous)
    {
        using HttpResponseMessage response = await _bench.SendAsync(synchronous, _bench.Request());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            "DPoP realm=\"protected resource\", error=\"use_dpop_nonce\", "
                + $"error_description=\"The nonce claim is missing or not a string; the server demands one.\", {Algorithms}",
            Assert.Single(ChallengesOf(response)));
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal(_bench.Clock.GetUtcNow(), response.Headers.Date);
        Assert.Equal(_bench.Resource.CurrentNonce, NonceOf(response));
    }

    [Theory]
    [InlineData("htm", "invalid_dpop_proof")]
    [InlineData("htu", "invalid_dpop_proof")]
    [InlineData("ath", "invalid_dpop_proof")]
    [InlineData("jti", "invalid_dpop_proof")]
    [InlineData("nonce", "use_dpop_nonce")]
    public async Task Unauthorized_SpoiltClaim_NamesTheError(string claim, string error)
    {
        await _bench.SendAsync(_bench.Request(_bench.Resource.CurrentNonce, spoil: p => p.Claims[claim] = claim == "jti" ? "" : "spoilt"));

        Assert.Equal(error, _bench.LastReceived.Error);
    }

    [Fact]
    public async Task Unauthorized_FewerAlgorithms_NamesThoseInTheUsualOrder()
    {
        using ProtectedResourceHandler resource = new()
        {
            Verifier = new DpopProofVerifier { Algorithms = new HashSet<string> { "PS256", "ES256", "unknown" } },
        };
        using HttpMessageInvoker invoker = new(resource);
        using HttpRequestMessage request = new(HttpMethod.Get, ResourceBench.Uri);

        using HttpResponseMessage response = await invoker.SendAsync(request, CancellationToken.None);

        Assert.Equal("DPoP algs=\"ES256 PS256\"", Assert.Single(ChallengesOf(response)));
    }

    [Fact]
    public async Task Unauthorized_DescriptionWithOddCharacters_StaysAValidHeader()
    {
        using HttpResponseMessage response = await _bench.SendAsync(_bench.Request(spoil: p => p.Claims["htm"] = "\"G\\\r\né"));

        AuthenticationHeaderValue challenge = Assert.Single(response.Headers.WwwAuthenticate);
        Assert.Contains("error_description=\"The htm is '?G????'; the request is 'GET'.\"", challenge.Parameter, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BadRequest_MissingNonce_AnswersAsAnAuthorizationServer(bool synchronous)
    {
        _bench.Resource.Form = ChallengeForm.BadRequest;

        using HttpResponseMessage response = await _bench.SendAsync(synchronous, _bench.Request());

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(ChallengesOf(response));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(_bench.Resource.CurrentNonce, NonceOf(response));
        Assert.True(response.Headers.CacheControl!.NoStore);
        JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("use_dpop_nonce", body.GetProperty("error").GetString());
        Assert.StartsWith("The nonce claim is missing", body.GetProperty("error_description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadRequest_OtherRefusals_UseTheErrorsOfATokenEndpoint()
    {
        _bench.Resource.Form = ChallengeForm.BadRequest;
        string? nonce = _bench.Resource.CurrentNonce;
        using HttpRequestMessage good = _bench.Request(nonce);

        Assert.Equal("invalid_request", await ErrorAsync(new HttpRequestMessage(HttpMethod.Get, ResourceBench.Uri)));
        Assert.Equal("invalid_dpop_proof", await ErrorAsync(_bench.Request(nonce, spoil: p => p.Claims["htm"] = "PUT")));
        Assert.Null(await ErrorAsync(good));
        Assert.Equal("invalid_dpop_proof", await ErrorAsync(good));
        Assert.Equal("invalid_token", _bench.LastReceived.Error);
        _bench.Resource.AcceptToken(Token, "another-key");
        Assert.Equal("invalid_grant", await ErrorAsync(_bench.Request(nonce)));
        _bench.Resource.AcceptToken(Token, _bench.Key.Thumbprint);
        _bench.Resource.RefuseToken(Token);
        Assert.Equal("invalid_grant", await ErrorAsync(_bench.Request(nonce)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SeveralChallenges_MissingNonce_HidesTheErrorAmongOthers(bool synchronous)
    {
        _bench.Resource.Form = ChallengeForm.SeveralChallenges;

        using HttpResponseMessage response = await _bench.SendAsync(synchronous, _bench.Request());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(2, ChallengesOf(response).Length);
        Assert.Equal(["Bearer", "DPoP", "Basic"], response.Headers.WwwAuthenticate.Select(c => c.Scheme));
        string parameters = response.Headers.WwwAuthenticate.Single(c => c.Scheme == "DPoP").Parameter!;
        Assert.StartsWith($"realm=\"orders, DPoP\", {Algorithms}, error=\"use_dpop_nonce\"", parameters, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeveralChallenges_NoCredentials_NamesNoError()
    {
        _bench.Resource.Form = ChallengeForm.SeveralChallenges;
        using HttpRequestMessage request = new(HttpMethod.Get, ResourceBench.Uri);

        using HttpResponseMessage response = await _bench.SendAsync(request);

        Assert.Equal(3, response.Headers.WwwAuthenticate.Count);
        Assert.DoesNotContain("error", string.Concat(ChallengesOf(response)), StringComparison.Ordinal);
    }

    private async Task<string?> ErrorAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await _bench.SendAsync(request);
        JsonElement body = await response.Content.ReadFromJsonAsync<JsonElement>();
        return body.TryGetProperty("error", out JsonElement error) ? error.GetString() : null;
    }
}
