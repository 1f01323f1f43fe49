using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.Integrations.Tests.BearerOnly;

/// <summary>What a library that only knows Bearer sees of answers that say DPoP.</summary>
public class AsBearerTests
{
    [Theory]
    [InlineData("""{"access_token":"t","token_type":"DPoP","expires_in":3}""", """{"access_token":"t","token_type":"Bearer","expires_in":3}""")]
    [InlineData("""{ "more": { "token_type": "DPoP" }, "token_type" : "dpop" }""", """{ "more": { "token_type": "DPoP" }, "token_type" : "Bearer" }""")]
    [InlineData("""{"token_type":"\u0044PoP"}""", """{"token_type":"Bearer"}""")]
    [InlineData("""{"token_type":"Bearer"}""", """{"token_type":"Bearer"}""")]
    [InlineData("""{"token_type":7}""", """{"token_type":7}""")]
    [InlineData("""["token_type","DPoP"]""", """["token_type","DPoP"]""")]
    [InlineData("""{"token_type":"DPoP" """, """{"token_type":"Bearer" """)]
    [InlineData("{", "{")]
    [InlineData("", "")]
    public async Task A_token_answer_says_Bearer_and_is_otherwise_as_it_came(string wire, string seen)
    {
        foreach (bool async in (bool[])[true, false])
        {
            Assert.Equal(seen, await AnswerAsync(Json(wire), async));
        }
    }

    [Fact]
    public async Task A_long_answer_is_handed_on_whole()
    {
        string wire = $$"""{"padding":"{{new string('x', 300_000)}}","token_type":"DPoP"}""";
        Assert.Equal(wire, await AnswerAsync(Json(wire), async: true));
        HttpContent unannounced = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(wire))) { Headers = { { "Content-Type", "application/json" } } };
        unannounced.Headers.ContentLength = null;
        Assert.Equal(wire, await AnswerAsync(unannounced, async: true));
    }

    [Fact]
    public async Task Answers_to_other_requests_are_not_read()
    {
        const string Wire = """{"token_type":"DPoP"}""";
        Assert.Equal(Wire, await AnswerAsync(Json(Wire), async: true, body: new StringContent("{}", Encoding.UTF8, "application/json")));
        Assert.Equal(Wire, await AnswerAsync(new StringContent(Wire), async: true));
        Assert.Equal(Wire, await AnswerAsync(Json(Wire), async: true, status: HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task Challenges_say_Bearer_with_the_same_parameters(HttpStatusCode status)
    {
        using HttpMessageInvoker invoker = Invoker(_ =>
        {
            HttpResponseMessage answer = new(status);
            answer.Headers.TryAddWithoutValidation("WWW-Authenticate", ["Basic realm=\"a, b\", dpop algs=\"ES256\", error=\"invalid_token\"", "DPoP"]);
            return answer;
        });
        using HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.com/");
        using HttpResponseMessage response = await invoker.SendAsync(request, CancellationToken.None);
        Assert.Equal(
            ["Basic realm=\"a, b\"", "Bearer algs=\"ES256\", error=\"invalid_token\"", "Bearer"],
            response.Headers.WwwAuthenticate.Select(challenge => challenge.ToString()));
    }

    [Theory]
    [InlineData(BearerTokenHandling.Allow)]
    [InlineData(BearerTokenHandling.Reject)]
    public async Task Bearer_tokens_that_do_not_become_DPoP_are_an_error(BearerTokenHandling handling)
    {
        ServiceCollection services = new();
        services.AddHttpClient("mcp").AddDpopAsBearer().AddDpop(options => options.BearerTokens = handling);
        await using ServiceProvider provider = services.BuildServiceProvider();
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IHttpClientFactory>().CreateClient("mcp"));
        Assert.Contains("BearerTokens isn't Upgrade", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_builder_of_the_defaults_is_refused() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().ConfigureHttpClientDefaults(defaults => defaults.AddDpopAsBearer()));

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<string> AnswerAsync(HttpContent answer, bool async, HttpContent? body = null, HttpStatusCode status = HttpStatusCode.OK)
    {
        using HttpMessageInvoker invoker = Invoker(_ => new HttpResponseMessage(status) { Content = answer });
        using HttpRequestMessage request = new(HttpMethod.Post, "https://login.example.com/token") { Content = body ?? new FormUrlEncodedContent([]) };
        using HttpResponseMessage response = async
            ? await invoker.SendAsync(request, CancellationToken.None)
            : invoker.Send(request, CancellationToken.None);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Equal(Encoding.UTF8.GetByteCount(text), response.Content.Headers.ContentLength);
        return text;
    }

    private static HttpMessageInvoker Invoker(Func<HttpRequestMessage, HttpResponseMessage> answer) =>
        new(new DpopAsBearerHandler { InnerHandler = new Answers(answer) });

    private sealed class Answers(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request);
    }
}
