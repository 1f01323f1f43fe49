using System.Net;
using System.Text;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tests.Http;

public class ClockTests
{
    private static readonly Uri Api = new("https://api.example.com/");

    [Theory]
    [InlineData(-600, NonceMode.None, ChallengeForm.Unauthorized, 2, true)]
    [InlineData(-600, NonceMode.None, ChallengeForm.Unauthorized, 2, false)]
    [InlineData(600, NonceMode.None, ChallengeForm.BadRequest, 2, true)]
    [InlineData(600, NonceMode.None, ChallengeForm.BadRequest, 2, false)]
    [InlineData(3_500, NonceMode.None, ChallengeForm.SeveralChallenges, 2, true)]
    [InlineData(-600, NonceMode.Steady, ChallengeForm.Unauthorized, 3, true)]
    [InlineData(-600, NonceMode.RotateEachResponse, ChallengeForm.Unauthorized, 3, true)]
    [InlineData(-600, NonceMode.OneTime, ChallengeForm.Unauthorized, 3, false)]
    public async Task A_wrong_clock_costs_one_request_and_then_none(int seconds, NonceMode nonces, ChallengeForm form, int first, bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = nonces, Form = form, ClockOffset = TimeSpan.FromSeconds(seconds) });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async, "DPoP opaque");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(first + i, server.Api.Requests.Count);
        }
    }

    [Fact]
    public async Task The_offset_is_learnt_anew_when_it_changes_and_for_each_origin()
    {
        await using ResourceServer late = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None, ClockOffset = TimeSpan.FromMinutes(-10) });
        await using ResourceServer right = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpResponseMessage atLate = await client.GetAsync(late.BaseAddress, async: true, "DPoP opaque");
        using HttpResponseMessage atRight = await client.GetAsync(right.BaseAddress, async: true, "DPoP opaque");
        Assert.Equal((2, 1), (late.Api.Requests.Count, right.Api.Requests.Count));

        late.Api.ClockOffset = TimeSpan.Zero;
        using HttpResponseMessage mended = await client.GetAsync(late.BaseAddress, async: true, "DPoP opaque");
        Assert.Equal((HttpStatusCode.OK, 4), (mended.StatusCode, late.Api.Requests.Count));
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(-4, 1)]
    [InlineData(7, 2)]
    [InlineData(-7, 2)]
    [InlineData(3_600 - 10, 2)]
    [InlineData(3_600 + 10, 1)]
    [InlineData(-3_600 - 10, 1)]
    public async Task Only_a_difference_of_more_than_five_seconds_and_at_most_an_hour_is_believed(int seconds, int requests)
    {
        Assert.Equal(requests, await CountAsync(seconds, "DPoP error=\"invalid_dpop_proof\""));
    }

    [Theory]
    [InlineData("DPoP error=\"invalid_token\"", HttpStatusCode.Unauthorized, 1)]
    [InlineData("DPoP error=\"use_dpop_nonce\"", HttpStatusCode.Unauthorized, 1)]
    [InlineData("Bearer error=\"invalid_dpop_proof\"", HttpStatusCode.Unauthorized, 1)]
    [InlineData("DPoP", HttpStatusCode.Unauthorized, 1)]
    [InlineData("DPoP error=\"invalid_dpop_proof\"", HttpStatusCode.Forbidden, 1)]
    [InlineData("DPoP error=\"invalid_dpop_proof\"", HttpStatusCode.BadRequest, 2)]
    public async Task Only_a_refused_proof_is_made_again(string challenge, HttpStatusCode status, int requests) =>
        Assert.Equal(requests, await CountAsync(600, challenge, status));

    [Fact]
    public async Task LearnClockOffset_can_be_turned_off() =>
        Assert.Equal(1, await CountAsync(600, "DPoP error=\"invalid_dpop_proof\"", options: new DpopOptions { LearnClockOffset = false }));

    [Fact]
    public async Task An_answer_without_a_date_teaches_nothing() =>
        Assert.Equal(1, await CountAsync(null, "DPoP error=\"invalid_dpop_proof\""));

    [Fact]
    public async Task A_server_that_refuses_every_time_gets_one_replay_for_each_reason()
    {
        int requests = 0;
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(60));
        StubHandler server = new(_ =>
        {
            // Another nonce and another time with each refusal.
            HttpResponseMessage response = new(HttpStatusCode.Unauthorized);
            response.Headers.Add("WWW-Authenticate", "DPoP error=\"invalid_dpop_proof\"");
            response.Headers.Add("DPoP-Nonce", $"n{++requests}");
            response.Headers.Date = time.GetUtcNow().AddMinutes(requests * 10);
            return response;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server, new DpopOptions { TimeProvider = time });
        using HttpResponseMessage response = await client.GetAsync(Api, async: true);
        Assert.Equal((HttpStatusCode.Unauthorized, 3), (response.StatusCode, requests));
        Assert.Equal([null, "n1", "n2"], server.Proofs.Select(DecodedProof.Nonce));
        Assert.Equal([0, 0, 1200], server.Proofs.Select(p => DecodedProof.Read(p).GetPayloadValue<long>("iat") - time.GetUtcNow().ToUnixTimeSeconds()));
    }

    [Fact]
    public async Task The_offset_is_learnt_from_a_refusal_that_cannot_be_answered()
    {
        // An in-memory server reads the body at once, so that the one-shot body is gone.
        using ProtectedResourceHandler api = new() { Nonces = NonceMode.None, ClockOffset = TimeSpan.FromMinutes(10) };
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(api);
        HttpRequestMessage Upload()
        {
            HttpRequestMessage request = new(HttpMethod.Post, Api) { Content = new StreamContent(new OneShotStream(new byte[100_000])) };
            request.Headers.Authorization = new("DPoP", "opaque");
            request.Headers.ExpectContinue = false;
            return request;
        }

        using HttpResponseMessage refused = await client.SendAsync(Upload(), async: true);
        using HttpResponseMessage accepted = await client.SendAsync(Upload(), async: true);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (refused.StatusCode, accepted.StatusCode));
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task The_offset_is_in_the_log()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None, ClockOffset = TimeSpan.FromMinutes(-10) });
        ServiceCollection services = new();
        services.AddFakeLogging().AddHttpClient("api").AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async: true, "DPoP opaque");
        FakeLogRecord record = Assert.Single(provider.GetFakeLogCollector().GetSnapshot(), r => r.Id.Name == "ClockOffsetLearnt");

        // Ten minutes, and what a busy machine takes for the answer.
        Assert.InRange(long.Parse(record.StructuredState!.Single(s => s.Key == "Seconds").Value!, provider: null), 540, 660);
        Assert.Contains($"The clock of {server.BaseAddress.Authority} is", record.Message, StringComparison.Ordinal);
        Assert.Contains("s behind ours", record.Message, StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(int? seconds, string challenge, HttpStatusCode status = HttpStatusCode.Unauthorized, DpopOptions? options = null)
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(60));
        int requests = 0;
        StubHandler server = new(_ =>
        {
            requests++;
            HttpResponseMessage response = new(status) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
            response.Headers.Date = seconds is { } s ? time.GetUtcNow().AddSeconds(s) : null;
            return response;
        });
        using DpopKey key = DpopKey.Generate();
        options ??= new DpopOptions();
        options.TimeProvider = time;
        using HttpMessageInvoker client = key.Invoker(server, options);
        using HttpResponseMessage response = await client.GetAsync(Api, async: true);
        return requests;
    }
}
