using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Http;

/// <summary>Counts on the wire, taken by a real server.</summary>
public class NonceTests
{
    private const string Token = "DPoP opaque-token";

    [Theory]
    [InlineData(NonceMode.Steady, ChallengeForm.Unauthorized, true)]
    [InlineData(NonceMode.Steady, ChallengeForm.Unauthorized, false)]
    [InlineData(NonceMode.Steady, ChallengeForm.BadRequest, true)]
    [InlineData(NonceMode.Steady, ChallengeForm.BadRequest, false)]
    [InlineData(NonceMode.Steady, ChallengeForm.SeveralChallenges, true)]
    [InlineData(NonceMode.OnChallengeOnly, ChallengeForm.Unauthorized, true)]
    [InlineData(NonceMode.OnChallengeOnly, ChallengeForm.Unauthorized, false)]
    [InlineData(NonceMode.RotateEachResponse, ChallengeForm.Unauthorized, true)]
    [InlineData(NonceMode.OneTime, ChallengeForm.Unauthorized, true)]
    [InlineData(NonceMode.OneTime, ChallengeForm.Unauthorized, false)]
    [InlineData(NonceMode.OneTime, ChallengeForm.BadRequest, false)]
    public async Task A_hundred_urls_of_one_origin_cost_one_request_more(NonceMode nonces, ChallengeForm form, bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = nonces, Form = form });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        for (int i = 0; i < 100; i++)
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(server.BaseAddress, $"/orders/{i}?page={i}"), async, Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(101, server.Api.Requests.Count);
        Assert.Equal(100, server.Api.Requests.Count(r => r.Accepted));
        Assert.Equal(101, server.Api.Requests.Select(r => DecodedProof.Jti(r.Proof)).Distinct().Count());
    }

    [Theory]
    [InlineData(NonceMode.NeverAccepted, ChallengeForm.Unauthorized, true, 2)]
    [InlineData(NonceMode.NeverAccepted, ChallengeForm.Unauthorized, false, 2)]
    [InlineData(NonceMode.NeverAccepted, ChallengeForm.BadRequest, true, 2)]
    [InlineData(NonceMode.RepeatRefused, ChallengeForm.Unauthorized, true, 2)]
    public async Task A_server_that_never_accepts_a_nonce_gets_two_requests_and_the_caller_its_answer(NonceMode nonces, ChallengeForm form, bool async, int first)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = nonces, Form = form });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async, Token);
        Assert.Equal(form == ChallengeForm.BadRequest ? HttpStatusCode.BadRequest : HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(first, server.Api.Requests.Count);

        using HttpResponseMessage again = await client.GetAsync(server.BaseAddress, async, Token);

        // A nonce that was refused once is refused again: it is not worth a second try.
        Assert.Equal(nonces == NonceMode.RepeatRefused ? 3 : 4, server.Api.Requests.Count);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Another_status_is_never_replayed_with_or_without_a_nonce(HttpStatusCode status)
    {
        foreach (NonceMode nonces in (NonceMode[])[NonceMode.None, NonceMode.RotateEachResponse])
        {
            await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = nonces });
            using DpopKey key = DpopKey.Generate();
            using HttpClient client = key.Client();
            server.Api.Enqueue(ProtectedResourceFault.Status(status));
            using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async: true, Token);
            Assert.Equal(status, response.StatusCode);
            Assert.Single(server.Api.Requests);
            Assert.Equal(nonces != NonceMode.None, response.Headers.Contains("DPoP-Nonce"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_nonce_that_an_error_brought_is_used_next(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.Steady });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        server.Api.Enqueue(ProtectedResourceFault.Status(HttpStatusCode.InternalServerError));
        using HttpResponseMessage error = await client.GetAsync(server.BaseAddress, async, Token);
        using HttpResponseMessage next = await client.GetAsync(server.BaseAddress, async, Token);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        Assert.Equal(2, server.Api.Requests.Count);
        Assert.Equal(server.Api.CurrentNonce, server.Api.Requests[1].Nonce);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rotated_nonce_is_learnt_from_its_challenge(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.OnChallengeOnly });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage first = await client.GetAsync(server.BaseAddress, async, Token);
            using HttpResponseMessage second = await client.GetAsync(server.BaseAddress, async, Token);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
            Assert.Equal((i + 1) * 3, server.Api.Requests.Count);
            server.Api.RotateNonce();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nonces_of_one_origin_never_reach_another(bool async)
    {
        await using ResourceServer one = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.RotateEachResponse });
        await using ResourceServer other = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage atOne = await client.GetAsync(one.BaseAddress, async, Token);
            using HttpResponseMessage atOther = await client.GetAsync(other.BaseAddress, async, Token);

            // The same address under another name is another origin.
            using HttpResponseMessage byName = await client.GetAsync(new Uri($"http://localhost:{other.BaseAddress.Port}/"), async, Token);
        }

        Assert.Contains(one.Api.Requests, r => r.Nonce is not null);
        Assert.All(other.Api.Requests, r => Assert.Null(r.Nonce));
    }

    [Fact]
    public async Task Nonces_of_one_key_are_not_used_with_another()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        using DpopKey one = DpopKey.Generate();
        using DpopKey other = DpopKey.Generate();
        using HttpClient first = one.Client();
        using HttpClient second = other.Client();
        using HttpResponseMessage ofFirst = await first.GetAsync(server.BaseAddress, async: true, Token);
        using HttpResponseMessage ofSecond = await second.GetAsync(server.BaseAddress, async: true, Token);
        Assert.Null(server.Api.Requests[2].Nonce);
    }

    [Fact]
    public async Task A_nonce_outlives_the_handler_that_learnt_it()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        using DpopKey key = DpopKey.Generate();
        for (int i = 0; i < 3; i++)
        {
            using HttpClient client = key.Client();
            using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async: true, Token);
        }

        Assert.Equal(4, server.Api.Requests.Count);
    }
}
