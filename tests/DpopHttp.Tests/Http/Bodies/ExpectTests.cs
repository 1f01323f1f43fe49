using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DpopHttp.Tests.Http.Bodies;

/// <summary>Expect: 100-continue is for what cannot be sent again otherwise, and an origin that does not answer it is asked once.</summary>
public class ExpectTests
{
    /// <summary>Kind of body, and how many of five uploads to a server that never sends 100 may have Expect.</summary>
    public static TheoryData<string, int> AtASilentServer => new()
    {
        { "bytes of 70,000", 1 },
        { "one-shot stream of 200,000", 1 },
        { "custom of unknown length, 5 bytes", 1 },
        { "custom of unknown length, 200,000 bytes", 1 },
        { "json of a sequence", 1 },
        { "bytes of 1,000", 0 },
        { "custom of known length, 1,000 bytes", 0 },
    };

    [Theory]
    [MemberData(nameof(AtASilentServer))]
    public async Task A_server_that_never_sends_100_is_asked_once_at_most(string kind, int most)
    {
        List<bool> expects = [];
        await using RawHttp1Server server = RawHttp1Server.Start((head, _) =>
        {
            lock (expects)
            {
                expects.Add(head.Contains("Expect: 100-continue", StringComparison.OrdinalIgnoreCase));
            }

            return "HTTP/1.1 200 OK\r\nDPoP-Nonce: n1\r\nContent-Length: 0\r\n\r\n";
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMilliseconds(100) });
        using HttpResponseMessage first = await client.GetAsync(server.Uri);
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await client.PostAsync(server.Uri, Content(kind));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.InRange(expects.Count(e => e), 0, most);
        Assert.DoesNotContain(true, expects[3..]);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_server_that_was_slow_to_refuse_once_is_asked_again_and_one_that_always_is_is_not(HttpProtocols protocols)
    {
        List<bool> expects = [];
        OpenEndedContent? upload = null;
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            async context =>
            {
                expects.Add(context.Request.Headers.Expect.Count > 0);
                await upload!.Begun.WaitAsync(TimeSpan.FromMinutes(1));
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers["DPoP-Nonce"] = $"n{expects.Count}";
                await context.Response.CompleteAsync();
                upload.End();
            },
            protocols);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMilliseconds(50) });
        client.DefaultRequestVersion = protocols == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        for (int i = 0; i < 4; i++)
        {
            using OpenEndedContent content = upload = new OpenEndedContent();
            using HttpResponseMessage response = await client.PostAsync(server.BaseAddress, content);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        Assert.Equal([true, true, false, false], expects);
    }

    /// <summary>What the client asks for, and what the server and the client agree on.</summary>
    [Theory]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrHigher, HttpProtocols.Http2)]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrLower, HttpProtocols.Http1)]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrLower, HttpProtocols.Http2)]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrLower, HttpProtocols.Http1)]
    public async Task A_server_that_never_sends_100_is_asked_once_whatever_version_TLS_negotiates(string version, HttpVersionPolicy policy, HttpProtocols protocols)
    {
        List<bool> expects = [];
        OpenEndedContent? upload = null;
        using LoopbackCertificate certificate = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            async context =>
            {
                // It reads, and so says 100, only when the client has waited in vain.
                expects.Add(context.Request.Headers.Expect.Count > 0);
                await upload!.Begun.WaitAsync(TimeSpan.FromMinutes(1));
                upload.End();
                await context.Request.Body.CopyToAsync(Stream.Null);
            },
            protocols,
            certificate: certificate);
        using DpopKey key = DpopKey.Generate();
        using SocketsHttpHandler primary = certificate.CreateHandler();
        primary.Expect100ContinueTimeout = TimeSpan.FromMilliseconds(50);
        using HttpClient client = key.Client(primary: primary);
        (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (Version.Parse(version), policy);
        for (int i = 0; i < 3; i++)
        {
            using OpenEndedContent content = upload = new OpenEndedContent();
            using HttpResponseMessage response = await client.PostAsync(server.BaseAddress, content);
            Assert.Equal((HttpStatusCode.OK, protocols == HttpProtocols.Http2 ? 2 : 1), (response.StatusCode, response.Version.Major));
        }

        Assert.Equal([true, false, false], expects);
    }

    [Fact]
    public async Task A_server_that_sends_100_stays_asked_by_a_client_that_waits_for_it_for_ever()
    {
        List<bool> expects = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            expects.Add(context.Request.Headers.Expect.Count > 0);
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan });
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage response = await client.PostAsync(server.BaseAddress, Content("one-shot stream of 200,000"));
        }

        Assert.Equal([true, true], expects);
    }

    [Theory]
    [InlineData("custom of unknown length, 5 bytes", "application/json", HttpProtocols.Http1)]
    [InlineData("custom of unknown length, 5 bytes", "application/json", HttpProtocols.Http2)]
    [InlineData("custom of unknown length, 5 bytes", "application/grpc", HttpProtocols.Http2)]
    [InlineData("custom of unknown length, 200,000 bytes", "application/grpc", HttpProtocols.Http2)]
    [InlineData("custom of unknown length, 200,000 bytes", "application/json", HttpProtocols.Http1)]
    [InlineData("json of a sequence", "application/json", HttpProtocols.Http1)]
    [InlineData("json of a sequence", "application/json", HttpProtocols.Http2)]
    public async Task A_first_upload_after_a_public_answer_of_the_same_origin_costs_one_challenge(string kind, string type, HttpProtocols protocols)
    {
        int posts = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            async context =>
            {
                if (context.Request.Method == "GET")
                {
                    return;
                }

                Interlocked.Increment(ref posts);
                if (DecodedProof.Nonce(context.Request.Headers["DPoP"].Single()) is null)
                {
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    context.Response.Headers["DPoP-Nonce"] = "n1";
                    context.Response.Headers.WWWAuthenticate = "DPoP error=\"use_dpop_nonce\"";
                    return;
                }

                await context.Request.Body.CopyToAsync(Stream.Null);
            },
            protocols);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        client.DefaultRequestVersion = protocols == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using HttpResponseMessage open = await client.GetAsync(server.BaseAddress);
        HttpContent content = Content(kind);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using HttpResponseMessage response = await client.PostAsync(server.BaseAddress, content);
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, posts));
    }

    /// <summary>HTTP/2 keeps a request in its buffer until there is more to send, and what is held back is not to come before the answer.</summary>
    [Fact]
    public async Task A_body_that_is_held_back_does_not_hold_back_its_request()
    {
        TaskCompletionSource arrived = NewSignal();
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            context =>
            {
                arrived.TrySetResult();
                return context.Request.Body.CopyToAsync(Stream.Null);
            },
            HttpProtocols.Http2);
        using DpopKey key = DpopKey.Generate();
        for (int i = 0; i < 20; i++)
        {
            using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromHours(1) });
            (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            using HttpResponseMessage open = await client.GetAsync(server.BaseAddress);
            arrived = NewSignal();
            HttpContent content = Content("custom of unknown length, 200,000 bytes");
            content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            Task<HttpResponseMessage> sending = client.PostAsync(server.BaseAddress, content);
            await arrived.Task.WaitAsync(TimeSpan.FromMinutes(1));
            client.CancelPendingRequests();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }
    }

    [Fact]
    public async Task A_short_body_of_a_kind_that_was_short_before_is_not_asked_for()
    {
        List<bool> expects = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            expects.Add(context.Request.Headers.Expect.Count > 0);
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        foreach (string kind in (string[])["custom of unknown length, 5 bytes", "custom of unknown length, 5 bytes", "custom of unknown length, 200,000 bytes", "custom of unknown length, 5 bytes"])
        {
            using HttpResponseMessage response = await client.PostAsync(server.BaseAddress, Content(kind));
        }

        Assert.Equal([true, false, false, true], expects);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task ProbeBeforeUpload_learns_the_nonce_before_a_server_that_sends_100_by_itself_has_the_body(bool async, bool? chunked)
    {
        // As nginx and Node do: 100 before anybody has looked at the proof.
        List<string> heads = [];
        long uploaded = 0;
        await using RawHttp1Server server = RawHttp1Server.Start((head, body) =>
        {
            heads.Add(head);
            string proof = head.Split("\r\n").Single(line => line.StartsWith("DPoP: ", StringComparison.Ordinal))[6..];
            if (DecodedProof.Nonce(proof) == "n1")
            {
                uploaded = body;
                return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            }

            return "HTTP/1.1 401 Unauthorized\r\nDPoP-Nonce: n1\r\nWWW-Authenticate: DPoP error=\"use_dpop_nonce\"\r\nContent-Length: 0\r\n\r\n";
        }, sends100: true);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(new DpopOptions { ProbeBeforeUpload = true });
        using HttpRequestMessage request = new(HttpMethod.Put, server.Uri) { Content = new StreamContent(new OneShotStream(new byte[4_000_000])) };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.Add("Authorization", "Bearer opaque");
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["HEAD", "PUT"], heads.Select(head => head.Split(' ')[0]));
        Assert.All(heads, head => Assert.Contains("Authorization: DPoP opaque", head, StringComparison.Ordinal));
        Assert.True(uploaded >= 4_000_000, $"{uploaded} bytes arrived.");
    }

    private static HttpContent Content(string kind) => kind switch
    {
        "bytes of 70,000" => new ByteArrayContent(new byte[70_000]),
        "bytes of 1,000" => new ByteArrayContent(new byte[1_000]),
        "one-shot stream of 200,000" => new StreamContent(new OneShotStream(new byte[200_000])),
        "custom of unknown length, 5 bytes" => new CustomContent(5, hasLength: false),
        "custom of unknown length, 200,000 bytes" => new CustomContent(200_000, hasLength: false),
        "custom of known length, 1,000 bytes" => new CustomContent(1_000, hasLength: true),
        _ => JsonContent.Create(Sequence()),
    };

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async IAsyncEnumerable<int> Sequence()
    {
        for (int i = 0; i < 3; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    private sealed class CustomContent(int length, bool hasLength) : HttpContent
    {
        private readonly OneShotStream _stream = new(new byte[length]);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _stream.CopyToAsync(stream);

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return hasLength;
        }
    }

    /// <summary>Begins with more than is kept, and ends when it is told to.</summary>
    private sealed class OpenEndedContent : HttpContent
    {
        private readonly TaskCompletionSource _begun = NewSignal(), _end = NewSignal();

        public Task Begun => _begun.Task;

        public void End() => _end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[200_000]);
            _begun.TrySetResult();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
