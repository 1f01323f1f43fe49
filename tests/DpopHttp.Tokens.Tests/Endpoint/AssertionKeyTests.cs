using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>Client assertions of a key that this process may not have.</summary>
public sealed class AssertionKeyTests : IDisposable
{
    private readonly ECDsa _private = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly SlowSigner _signer;
    private readonly DpopKey _key;
    private readonly List<string> _assertions = [];

    public AssertionKeyTests()
    {
        JsonWebKey jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(_private));
        _signer = new SlowSigner(_private, JsonSerializer.Serialize(new { kty = "EC", crv = "P-256", x = jwk.X, y = jwk.Y }));
        _key = DpopKey.FromSigner(_signer);
    }

    public void Dispose()
    {
        _key.Dispose();
        _private.Dispose();
    }

    [Theory]
    [InlineData(true, "key-1")]
    [InlineData(false, null)]
    public async Task A_client_has_a_fresh_one_for_each_attempt(bool async, string? keyId)
    {
        await using TokenBench bench = await TokenBench.StartAsync(options =>
            (options.ClientSecret, options.ClientAssertionKey, options.ClientAssertionKeyId) = (null, _key, keyId));
        bench.Tokens.Nonce = "nonce-1";
        bench.Tokens.Instead = async context =>
        {
            Note(await context.Request.ReadFormAsync());
            return false;
        };
        using HttpResponseMessage response = await bench.GetAsync(async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonWebToken[] all = [.. await Task.WhenAll(_assertions.Select(ValidateAsync))];
        Assert.Equal((2, 2), (all.Select(assertion => assertion.Id).Distinct().Count(), _signer.Calls));
        Assert.All(all, assertion => Assert.Equal(
            (keyId ?? "", "orders-worker", bench.Tokens.TokenEndpoint.AbsoluteUri), (assertion.Kid ?? "", assertion.Issuer, assertion.Audiences.Single())));
    }

    [Theory]
    [InlineData("use_dpop_nonce", 2)]
    [InlineData(null, 1)]
    public async Task Grants_that_a_client_asks_for_itself_have_one_too_in_place_of_a_librarys(string? error, int attempts)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            IFormCollection form = await context.Request.ReadFormAsync();
            Note(form);
            Assert.Equal("the-code", form["code"]);
            context.Response.Headers["DPoP-Nonce"] = "nonce-1";
            context.Response.StatusCode = error is null || _assertions.Count > 1 ? 200 : 400;
            await context.Response.WriteAsJsonAsync(new { error });
        });
        ServiceCollection services = new();
        services.AddHttpClient("identity").AddDpopClientAssertion("orders-worker", _key, keyId: "key-1");
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("identity");
        using FormUrlEncodedContent form = new([new("code", "the-code"), new("client_assertion", "old"), new("client_assertion_type", "old")]);
        using HttpResponseMessage response = await http.PostAsync(new Uri(server.BaseAddress, "/token"), form);
        Assert.Equal((HttpStatusCode.OK, attempts), (response.StatusCode, _assertions.Distinct().Count()));
        Assert.All(await Task.WhenAll(_assertions.Select(ValidateAsync)), assertion => Assert.Equal("key-1", assertion.Kid));
    }

    [Fact]
    public async Task A_synchronous_send_says_that_the_signer_is_not()
    {
        ServiceCollection services = new();
        services.AddHttpClient("identity").AddDpopClientAssertion("orders-worker", _key);
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("identity");
        using HttpRequestMessage request = new(HttpMethod.Post, "http://127.0.0.1:9/token") { Content = new FormUrlEncodedContent([new("code", "the-code")]) };
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => http.SendAsync(request, async: false));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.Contains("synchronous", exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_JWK_keeps_its_kid()
    {
        using DpopKey key = DpopKey.Generate();
        string jwk = key.ExportPrivateJwk().Replace("\"kty\"", "\"kid\":\"key-7\",\"kty\"", StringComparison.Ordinal);
        await using TokenBench bench = await TokenBench.StartAsync(options => (options.ClientSecret, options.ClientAssertionJwk) = (null, jwk));
        bench.Tokens.Instead = async context =>
        {
            Note(await context.Request.ReadFormAsync());
            return false;
        };
        (await bench.GetAsync()).Dispose();
        Assert.Equal("key-7", new JsonWebToken(_assertions.Single()).Kid);
    }

    [Theory]
    [InlineData(false, "ClientAssertionKeyId is set without ClientAssertionKey")]
    [InlineData(true, "ClientSecret and ClientAssertionKey are both set")]
    public async Task What_contradicts_it_is_told_at_start_up(bool hasKey, string fault)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddHttpClient("api").AddDpopClientCredentials(options =>
        {
            (options.Authority, options.ClientId, options.ClientSecret) = (new Uri("https://login.example.com"), "orders-worker", "the-secret");
            (options.ClientAssertionKey, options.ClientAssertionKeyId) = (hasKey ? _key : null, "key-1");
        });
        using IHost host = builder.Build();
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains(fault, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    private void Note(IFormCollection form)
    {
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form["client_assertion_type"].Single());
        _assertions.Add(form["client_assertion"].Single()!);
    }

    private async Task<JsonWebToken> ValidateAsync(string assertion)
    {
        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            ValidIssuer = "orders-worker",
            ValidateAudience = false,
            IssuerSigningKey = new ECDsaSecurityKey(_private),
        });
        Assert.True(result.IsValid, result.Exception?.ToString());
        return (JsonWebToken)result.SecurityToken;
    }
}
