using System.Net;
using System.Text;
using DpopHttp.Shared;
using DpopHttp.Tests.Keys.Fuzzing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace DpopHttp.Tests.Http.Fuzzing;

/// <summary>What servers, tokens and configuration can say: within bounds only documented exceptions come out. DPOP_FUZZ_ROUNDS asks for more rounds.</summary>
public class RefusalFuzzTests(ITestOutputHelper output)
{
    private static readonly Uri Api = new("https://api.example.com/orders");

    [Theory]
    [InlineData("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\", error_description=\"the \\\"nonce\\\"\", algs=\"ES256 PS256\"", "Bearer realm=\"api\", DPoP error=\"invalid_token\", Basic realm=\"x\"")]
    [InlineData("DPoP-Nonce", "eyJ7S_zG.eyJH0-Z.HX4w-7v", "n1")]
    [InlineData("Date", "Thu, 26 Nov 2026 12:00:00 GMT", "Thursday, 26-Nov-26 12:00:00 GMT")]
    [InlineData("Location", "https://api.example.com/next?a=b#c", "//other.example:8080/%2F", "../up", "http://xn--bcher-kva.example/")]
    public void Header_fields_of_an_answer(string name, params string[] samples)
    {
        Bounds bounds = new();
        using DpopKey key = DpopKey.Generate();
        byte[][] bytes = [.. samples.Select(Encoding.Latin1.GetBytes)];
        Mutation mutation = new(seed: name.Length);
        HttpStatusCode[] statuses = [HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest, HttpStatusCode.TemporaryRedirect, HttpStatusCode.SeeOther, HttpStatusCode.OK];
        string value = "";
        int requests = 0;
        using HttpMessageInvoker client = key.Invoker(new StubHandler(_ =>
        {
            HttpResponseMessage response = new(statuses[++requests % statuses.Length]);
            response.Headers.TryAddWithoutValidation("DPoP-Nonce", name == "DPoP-Nonce" ? value : $"n{requests}");
            response.Headers.TryAddWithoutValidation(name, value);
            return response;
        }));
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            value = Encoding.Latin1.GetString(mutation.Next(bytes));
            int before = requests;
            bounds.Run<DpopException>(round, () =>
            {
                using HttpRequestMessage request = new(HttpMethod.Get, Api) { Headers = { { "Authorization", "DPoP opaque" } } };
                using HttpResponseMessage response = client.Send(request, CancellationToken.None);
                _ = response.GetDpopChallenge();
            });
            Assert.InRange(requests - before, 1, 57);
        }

        output.WriteLine(bounds.ToString());
    }

    [Fact]
    public void Bodies_of_a_400_stay_whole()
    {
        Bounds bounds = new();
        using DpopKey key = DpopKey.Generate();
        byte[][] samples =
        [
            """{"error":"use_dpop_nonce","error_description":"nonce is required"}"""u8.ToArray(),
            """{"a":{"error":"use_dpop_nonce"},"error":["x"],"b":"\ud83d\ude00"}"""u8.ToArray(),
            [0xEF, 0xBB, 0xBF, .. """{"error":"invalid_grant"}"""u8],
        ];
        Mutation mutation = new(seed: 400);
        byte[] body = [];
        using HttpMessageInvoker client = key.Invoker(new StubHandler(_ =>
        {
            HttpResponseMessage response = new(HttpStatusCode.BadRequest) { Content = new ByteArrayContent(body) };
            response.Content.Headers.ContentType = new("application/json");
            response.Headers.TryAddWithoutValidation("DPoP-Nonce", Guid.NewGuid().ToString("N"));
            return response;
        }));
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            body = mutation.Next(samples);
            bounds.Run<DpopException>(round, () =>
            {
                using HttpRequestMessage request = new(HttpMethod.Get, Api);
                using HttpResponseMessage response = client.Send(request, CancellationToken.None);
                MemoryStream read = new();
                response.Content.CopyTo(read, null, CancellationToken.None);
                Assert.Equal(body, read.ToArray());
            });
        }

        output.WriteLine(bounds.ToString());
    }

    [Fact]
    public void Access_tokens_that_look_like_JWTs()
    {
        Bounds bounds = new();
        using DpopKey key = DpopKey.Generate();
        byte[][] samples = [Encoding.ASCII.GetBytes(JwtTokens.BoundTo(key)), Encoding.ASCII.GetBytes(JwtTokens.Jwt("""{"cnf":{"x":[{}],"jkt":"a"},"b":1e9}"""))];
        Mutation mutation = new(seed: 7519);
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            string token = Encoding.Latin1.GetString(mutation.Next(samples));
            bounds.Run<FormatException>(round, () => JwtConfirmation.ReadThumbprint(token));
        }

        Assert.Equal(0, bounds.Refused);
        output.WriteLine(bounds.ToString());
    }

    [Fact]
    public void Configuration_sections()
    {
        Bounds bounds = new();
        byte[][] samples = [.. new[] { "KeyFile", "true", "AllowedOrigins", "https://api.example.com, https://b.example", "BearerTokens", "Upgrade", "ReplayBufferLimit", "65536", "KeyAlgorithm" }.Select(Encoding.UTF8.GetBytes)];
        Mutation mutation = new(seed: 6);
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            Dictionary<string, string?> settings = new(StringComparer.OrdinalIgnoreCase); // as the keys of a configuration
            for (int i = 0; i < 4; i++)
            {
                settings[$"Dpop:{Encoding.UTF8.GetString(mutation.Next(samples))}"] = Encoding.UTF8.GetString(mutation.Next(samples));
            }

            IConfigurationSection section = new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Dpop");
            bounds.Run<SectionException>(round, () => DpopOptionsSection.Apply(section, new DpopOptions()));
        }

        output.WriteLine(bounds.ToString());
    }
}
