using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using DpopHttp.Tokens.Endpoint.Answers;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>An authorization server without manners: nothing that it answers costs more than an exception that is documented.</summary>
public class HostileAnswerTests
{
    private const string DPoP = "\"token_type\":\"DPoP\"";

    [Theory]
    [InlineData("{\"access_token\":\"abc\\r\\nX: 1\"," + DPoP + "}")]
    [InlineData("{\"access_token\":\"a\\u0000b\"," + DPoP + "}")]
    [InlineData("{\"access_token\":\"two words\"," + DPoP + "}")]
    [InlineData("{\"access_token\":\"caf\\u00e9\"," + DPoP + "}")]
    [InlineData("{\"access_token\":\"\\ud800\"," + DPoP + "}")]
    [InlineData("{\"access_token\":\"\"," + DPoP + "}")]
    [InlineData("{\"access_token\":null," + DPoP + "}")]
    [InlineData("{\"access_token\":7," + DPoP + "}")]
    [InlineData("{\"access_token\":\"good\",\"token_type\":\"\\udc00\"}")]
    [InlineData("{\"access_token\":\"good\",\"token_type\":[]}")]
    [InlineData("{\"access_token\":\"good\"," + DPoP + ",\"refresh_token\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1," + DPoP + "}")]
    [InlineData("{\"access_token\":\"good\"," + DPoP)]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\u0000")]
    public async Task An_answer_that_cannot_be_used_is_an_error_of_ours_and_is_not_kept(string body)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Answer(body);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.TokenUnavailable, exception.Code);
        Assert.Contains(bench.Tokens.TokenEndpoint.AbsoluteUri, exception.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Api.Authorizations);
    }

    [Theory]
    [InlineData("\"expires_in\":-5")]
    [InlineData("\"expires_in\":1e300")]
    [InlineData("\"expires_in\":\"3600\"")]
    [InlineData("\"expires_in\":\"\\ud800\"")]
    [InlineData("\"expires_in\":[]")]
    [InlineData("\"error_description\":\"\\ud800\"")]
    [InlineData("\"refresh_token\":null")]
    [InlineData("\"\\ud800\":\"\\udc00\"")]
    public async Task A_member_that_is_not_needed_may_be_anything(string member)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Answer($"{{\"access_token\":\"good\",{DPoP},{member}}}");
        (await bench.GetAsync()).Dispose();
        Assert.Equal("DPoP good", bench.Api.Authorizations[0]);
    }

    /// <summary>The tests have no data of cultures, so this one is made: a comma before the decimals, as in German.</summary>
    [Fact]
    public void A_lifetime_that_is_a_text_is_read_alike_under_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = culture;
        try
        {
            using HttpResponseMessage response = new(HttpStatusCode.OK);
            TokenAnswer answer = TokenAnswerReader.Read(response, """{"access_token":"good","token_type":"DPoP","expires_in":"3600.5"}"""u8.ToArray(), TimeProvider.System.GetUtcNow());
            Assert.Equal(TimeSpan.FromSeconds(3600.5), answer.Lifetime);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task A_token_of_another_key_is_refused_when_it_comes_and_both_keys_are_named()
    {
        using DpopKey other = DpopKey.Generate();
        await using TokenBench bench = await TokenBench.StartAsync(time: new FakeTimeProvider(TimeProvider.System.GetUtcNow()));
        string payload = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{{\"cnf\":{{\"jkt\":\"{other.Thumbprint}\"}}}}"));
        bench.Tokens.Answer($"{{\"access_token\":\"eyJhbGciOiJub25lIn0.{payload}.c2ln\",{DPoP}}}");
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.TokenNotBound, exception.Code);
        Assert.Contains(other.Thumbprint, exception.Message, StringComparison.Ordinal);
        Assert.Contains(bench.Services.GetRequiredService<DpopKeyRing>().Get(TokenBench.Client).Thumbprint, exception.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Api.Authorizations);

        bench.Tokens.Recover();
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(1, bench.Tokens.Arrivals);
    }

    [Theory]
    [InlineData("Two\r\nlines\u001b[31m of a \u202eliar\u0007")]
    [InlineData("\u0085\u2028x")]
    public async Task Text_of_the_server_is_clipped_and_has_no_control_characters(string text)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Refuse(400, "invalid_scope\r\n", text + new string('x', 200_000));
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        foreach (string shown in (string[])[exception.Message, exception.Error!, exception.ErrorDescription!])
        {
            Assert.DoesNotContain(shown, c => char.IsControl(c) || c is '\u2028' or '\u202e');
            Assert.InRange(shown.Length, 1, 700);
        }

        Assert.EndsWith("…", exception.ErrorDescription, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(302, "redirect")]
    [InlineData(404, "status 404")]
    [InlineData(405, "status 405")]
    public async Task A_wrong_address_is_named(int status, string text)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Answer("<html>", status);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.TokenRefused, exception.Code);
        Assert.All([text, bench.Tokens.TokenEndpoint.AbsoluteUri, "correct TokenEndpoint"], part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_the_server_takes_for_another_leads_to_HtuOverride()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Refuse(400, "invalid_dpop_proof", "DPoP proof htu mismatch");
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.All(
            [$"htu is '{bench.Tokens.TokenEndpoint}'", "HtuOverride", "\"orders.tokens\""], part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_override_that_the_message_names_works()
    {
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) =>
        {
            client.Services.Configure<DpopOptions>("orders.tokens", options => options.HtuOverride = _ => "https://outside.example/token");
            client.AddDpopClientCredentials(options =>
                (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret"));
        });
        string? htu = null;
        bench.Tokens.Instead = context =>
        {
            string payload = context.Request.Headers["DPoP"].ToString().Split('.')[1];
            htu = System.Text.Json.JsonDocument.Parse(Base64Url.DecodeFromChars(payload)).RootElement.GetProperty("htu").GetString();
            return Task.FromResult(true);
        };
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal("https://outside.example/token", htu);
    }
}
