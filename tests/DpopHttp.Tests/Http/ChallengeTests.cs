using System.Net;
using System.Text;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Http;

/// <summary>Which answers are taken for a nonce challenge, and what of them is kept.</summary>
public class ChallengeTests
{
    private static readonly Uri Api = new("https://api.example.com/orders");

    public static TheoryData<string> Answered =>
    [
        "",
        "DPoP",
        "DPoP error=\"use_dpop_nonce\"",
        "dpop error=\"use_dpop_nonce\"",
        "DPoP error=use_dpop_nonce",
        "DPoP algs=\"ES256 RS256\", error=\"use_dpop_nonce\", error_description=\"A, \\\"quoted\\\" text\"",
        "DPoP realm=\"a\", ERROR=\"use_dpop_nonce\"",
        "DPoP error=\"invalid_dpop_proof\"",
        "DPoP error=\"use_dpop_nonce\", Basic realm=\"x\"",
        "DPoP error=\"unterminated",
        "Bearer error=\"use_dpop_nonce\"",
        "=,\"",
    ];

    public static TheoryData<string> HandedBack =>
    [
        "DPoP error=\"invalid_token\"",
        "dpop error=\"insufficient_scope\", scope=\"read\"",
        "DPoP algs=\"ES256\", error=\"invalid_token\", error_description=\"use_dpop_nonce\"",
        "Bearer realm=\"use_dpop_nonce\", DPoP error=\"invalid_token\"",
        "Bearer realm=\"api\", error=\"invalid_token\", DPoP algs=\"ES256\"",
    ];

    [Theory]
    [MemberData(nameof(Answered))]
    public async Task A_401_with_a_new_nonce_is_answered(string challenge) => Assert.Equal(2, await CountAsync(() => Unauthorized(challenge, "n1")));

    [Theory]
    [MemberData(nameof(HandedBack))]
    public async Task A_401_that_names_another_error_is_handed_back(string challenge) =>
        Assert.Equal(1, await CountAsync(() => Unauthorized(challenge, "n1")));

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("n1", "n2")]
    [InlineData("n1", "n1", "n2")]
    public async Task A_nonce_that_is_missing_ambiguous_or_ill_formed_is_neither_answered_nor_kept(params string[] nonces)
    {
        StubHandler server = new(_ => Unauthorized("DPoP error=\"use_dpop_nonce\"", nonces));
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server);
        using HttpResponseMessage response = await client.GetAsync(Api, async: true);
        using HttpResponseMessage next = await client.GetAsync(Api, async: true);
        Assert.Equal(2, server.Proofs.Count);
        Assert.All(server.Proofs, proof => Assert.Null(DecodedProof.Nonce(proof)));
    }

    [Theory]
    [InlineData(2048, 2)]
    [InlineData(2049, 1)]
    public async Task A_nonce_of_up_to_2048_characters_is_taken(int length, int requests) =>
        Assert.Equal(requests, await CountAsync(() => Unauthorized(null, new string('n', length))));

    [Theory]
    [InlineData("""{"error":"use_dpop_nonce"}""", "application/json", 2)]
    [InlineData("""{"error_description":"x","error":"use_dpop_nonce"}""", "application/json", 2)]
    [InlineData("""{"error":"use_dpop_nonce"}""", "application/problem+json", 2)]
    [InlineData("""{"error":"invalid_request","error_description":"use_dpop_nonce"}""", "application/json", 1)]
    [InlineData("""{"error":["use_dpop_nonce"]}""", "application/json", 1)]
    [InlineData("""["use_dpop_nonce"]""", "application/json", 1)]
    [InlineData("""{"error":"use_dpop_nonce""", "application/json", 1)]
    [InlineData("use_dpop_nonce", "application/json", 1)]
    [InlineData("""{"error":"use_dpop_nonce"}""", "text/html", 1)]
    [InlineData("", "application/json", 1)]
    public async Task A_400_is_answered_if_its_body_says_so(string body, string type, int requests)
    {
        Assert.Equal(requests, await CountAsync(() => BadRequest(body, type)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_body_of_a_400_that_is_handed_back_is_whole(bool async)
    {
        foreach (int length in (int[])[0, 1, 16 * 1024, (16 * 1024) + 1, 1_000_000])
        {
            string body = $$"""{"error":"invalid_request","text":"{{new string('x', length)}}"}""";
            foreach (bool knownLength in (bool[])[true, false])
            {
                StubHandler server = new(_ => BadRequest(body, "application/json", knownLength));
                using DpopKey key = DpopKey.Generate();
                using HttpMessageInvoker client = key.Invoker(server);
                using HttpResponseMessage response = await client.GetAsync(Api, async);
                Assert.Equal(body, await response.Content.ReadAsStringAsync());
                Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
            }
        }
    }

    [Theory]
    [InlineData("n1", "n1", 1)]
    [InlineData("n1", "n2", 2)]
    public async Task A_repeated_nonce_is_not_answered(string known, string brought, int requests)
    {
        Queue<HttpResponseMessage> answers = new([WithNonce(HttpStatusCode.OK, known), Unauthorized(null, brought), WithNonce(HttpStatusCode.OK, known)]);
        StubHandler server = new(_ => answers.Dequeue());
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server);
        using HttpResponseMessage first = await client.GetAsync(Api, async: true);
        using HttpResponseMessage second = await client.GetAsync(Api, async: true);
        Assert.Equal(1 + requests, server.Proofs.Count);
    }

    [Fact]
    public async Task The_replaced_response_is_disposed()
    {
        DisposalProbe body = new();
        Queue<HttpResponseMessage> answers = new([Unauthorized(null, "n1"), new HttpResponseMessage(HttpStatusCode.OK)]);
        answers.Peek().Content = new StreamContent(body);
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(new StubHandler(_ => answers.Dequeue()));
        using HttpResponseMessage response = await client.GetAsync(Api, async: true);
        Assert.True(body.IsDisposed);
    }

    private static async Task<int> CountAsync(Func<HttpResponseMessage> challenge)
    {
        int[] counts = await Task.WhenAll(CountAsync(async: true), CountAsync(async: false));
        Assert.Equal(counts[0], counts[1]);
        return counts[0];

        async Task<int> CountAsync(bool async)
        {
            int requests = 0;
            StubHandler server = new(_ => ++requests == 1 ? challenge() : new HttpResponseMessage(HttpStatusCode.OK));
            using DpopKey key = DpopKey.Generate();
            using HttpMessageInvoker client = key.Invoker(server);
            using HttpResponseMessage response = await client.GetAsync(Api, async);
            return requests;
        }
    }

    private static HttpResponseMessage Unauthorized(string? challenge, params string[] nonces)
    {
        HttpResponseMessage response = WithNonce(HttpStatusCode.Unauthorized, nonces);
        if (!string.IsNullOrEmpty(challenge))
        {
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
        }

        return response;
    }

    private static HttpResponseMessage BadRequest(string body, string type, bool knownLength = true)
    {
        HttpResponseMessage response = WithNonce(HttpStatusCode.BadRequest, "n1");
        response.Content = new StringContent(body, Encoding.UTF8, type);
        if (!knownLength)
        {
            response.Content = new StreamContent(new OneShotStream(Encoding.UTF8.GetBytes(body)));
            response.Content.Headers.ContentType = new(type);
        }

        return response;
    }

    private static HttpResponseMessage WithNonce(HttpStatusCode status, params string[] nonces)
    {
        HttpResponseMessage response = new(status);
        foreach (string nonce in nonces)
        {
            response.Headers.TryAddWithoutValidation("DPoP-Nonce", nonce);
        }

        return response;
    }

    private sealed class DisposalProbe : MemoryStream
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
