using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tests.Http;

/// <summary>A server that says which algorithms it takes, to a client whose key is for another, is a fault that somebody must mend.</summary>
public class AlgorithmNotAcceptedTests
{
    private const string Refused = "DPoP error=\"invalid_dpop_proof\", algs=\"PS256 ES384\"";

    [Theory]
    [InlineData(401, true)]
    [InlineData(401, false)]
    [InlineData(400, true)]
    [InlineData(400, false)]
    public async Task Algs_without_ours_are_one_warning_that_names_them_all(int status, bool async)
    {
        FakeLogRecord record = Assert.Single(await SendAsync(status, "ES256", async, Refused));
        Assert.Equal(LogLevel.Warning, record.Level);
        Assert.Equal(
            ("api.example.com", "PS256, ES384", "ES256"),
            (record.GetStructuredStateValue("Host"), record.GetStructuredStateValue("Algorithms"), record.GetStructuredStateValue("Algorithm")));
        Assert.Contains("set KeyAlgorithm", record.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "ES384", Refused)]
    [InlineData(401, "ES256", "DPoP error=\"invalid_dpop_proof\", algs=\"PS256 ES256\"")]
    [InlineData(401, "ES256", "DPoP error=\"invalid_dpop_proof\"")]
    [InlineData(401, "ES256", "DPoP error=\"invalid_dpop_proof\", algs=\"\"")]
    [InlineData(401, "ES256", "Bearer algs=\"PS256\"")]
    [InlineData(401, "ES256", null)]
    [InlineData(403, "ES256", Refused)]
    [InlineData(200, "ES256", Refused)]
    public async Task Anything_else_is_no_warning(int status, string algorithm, string? challenge)
    {
        foreach (bool async in (bool[])[true, false])
        {
            Assert.Empty(await SendAsync(status, algorithm, async, challenge));
        }
    }

    [Fact]
    public async Task The_key_that_signed_counts_and_not_the_clients()
    {
        using DpopKey key = DpopKey.Generate("ES384");
        Assert.Empty(await SendAsync(401, "ES256", async: true, Refused, r => r.SetDpopKey(key)));
    }

    private static async Task<IReadOnlyList<FakeLogRecord>> SendAsync(int status, string algorithm, bool async, string? challenge, Action<HttpRequestMessage>? prepare = null)
    {
        ServiceCollection services = new();
        services.AddFakeLogging().AddHttpClient("api").AddDpop(o => o.KeyAlgorithm = algorithm).ConfigurePrimaryHttpMessageHandler(() => new StubHandler(_ =>
        {
            HttpResponseMessage response = new((HttpStatusCode)status);
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge is null ? [] : [challenge]);
            return response;
        }));
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri("https://api.example.com/orders?q=1")) { Headers = { { "Authorization", "DPoP token" } } };
        prepare?.Invoke(request);
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(status, (int)response.StatusCode);
        return [.. provider.GetFakeLogCollector().GetSnapshot().Where(r => r.Id.Name == "AlgorithmNotAccepted")];
    }
}
