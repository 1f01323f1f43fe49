using System.Net;
using System.Net.Http.Json;
using System.Text;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DpopHttp.Tests.Http.Bodies;

/// <summary>Content type × protocol × Send or SendAsync × what is known of the nonce: the whole body arrives, or the caller has the server's answer.</summary>
public class BodyMatrixTests
{
    private const int Large = 300_000;

    /// <summary>Each kind makes the content and says whether it can be sent again when the server has read it.</summary>
    private static readonly Dictionary<string, (Func<byte[], HttpContent> Make, bool Replays)> Kinds = new()
    {
        ["bytes"] = (b => new ByteArrayContent(b), true),
        ["memory"] = (b => new ReadOnlyMemoryContent(b), true),
        ["string"] = (b => new StringContent(Encoding.Latin1.GetString(b), Encoding.Latin1), true),
        ["form"] = (b => new FormUrlEncodedContent([new("field", Convert.ToHexString(b))]), true),
        ["json"] = (b => JsonContent.Create(new { value = Convert.ToHexString(b) }), true),
        ["json list"] = (b => JsonContent.Create(new List<string> { Convert.ToHexString(b) }), true),
        ["multipart"] = (b => new MultipartFormDataContent("boundary") { { new ByteArrayContent(b), "file", "a.bin" }, { new StringContent("x"), "text" } }, true),
        ["seekable stream"] = (b => new StreamContent(new MemoryStream(b)), true),
        ["seekable stream from the middle"] = (b => new StreamContent(new MemoryStream([1, 2, 3, .. b]) { Position = 3 }), true),
        ["one-shot stream"] = (b => new StreamContent(new OneShotStream(b)), false),
        ["one-shot stream of small known length"] = (b => WithLength(new StreamContent(new OneShotStream(b[..50_000])), 50_000), true),
        ["one-shot stream of tiny known length"] = (b => WithLength(new StreamContent(new OneShotStream(b[..500])), 500), true),
        ["one-shot stream of large known length"] = (b => WithLength(new StreamContent(new OneShotStream(b)), b.Length), false),
        ["json of a one-shot sequence"] = (b => JsonContent.Create(Once(b)), false),
        ["json of an async sequence"] = (b => JsonContent.Create(OnceAsync(b)), false),
        ["multipart with a one-shot stream"] = (b => new MultipartFormDataContent("boundary") { { new StreamContent(new OneShotStream(b)), "file", "a.bin" } }, false),
        ["custom"] = (b => new CopyOnceContent(b), false),
        ["short one-shot stream"] = (b => new StreamContent(new OneShotStream(b[..60_000])), true),
        ["short custom"] = (b => new CopyOnceContent(b[..60_000]), true),
        ["short json of a one-shot sequence"] = (b => JsonContent.Create(Once(b[..20_000])), true),
        ["short json of an async sequence"] = (b => JsonContent.Create(OnceAsync(b[..20_000])), true),
        ["empty"] = (_ => new ByteArrayContent([]), true),
        ["one-shot empty"] = (_ => new StreamContent(new OneShotStream([])), true),
    };

    public static TheoryData<string, string, string> Cases
    {
        get
        {
            TheoryData<string, string, string> cases = [];
            foreach (string kind in Kinds.Keys)
            {
                foreach (string way in (string[])["HTTP/1.1 SendAsync", "HTTP/1.1 Send", "HTTP/2 SendAsync"])
                {
                    foreach (string nonce in (string[])["cold", "known", "stale", "cold, body read first", "stale, body read first"])
                    {
                        // A sequence that is asynchronous cannot be serialized by Send.
                        if (!kind.EndsWith("async sequence", StringComparison.Ordinal) || way != "HTTP/1.1 Send")
                        {
                            cases.Add(kind, way, nonce);
                        }
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_whole_body_arrives_or_the_caller_has_the_answer(string kind, string way, string nonce)
    {
        bool readFirst = nonce.EndsWith("read first", StringComparison.Ordinal);
        await using UploadServer server = await UploadServer.StartAsync(way.StartsWith("HTTP/2", StringComparison.Ordinal) ? HttpProtocols.Http2 : HttpProtocols.Http1, readFirst);
        using DpopKey key = DpopKey.Generate();

        // A busy machine may answer later than the default of one second, and the body would go out.
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        bool async = way.EndsWith("SendAsync", StringComparison.Ordinal);
        if (!nonce.StartsWith("cold", StringComparison.Ordinal))
        {
            using HttpResponseMessage warmUp = await SendAsync(client, server, new ByteArrayContent([1]), async);
            server.Accepted.Clear();
        }

        if (nonce.StartsWith("stale", StringComparison.Ordinal))
        {
            server.RotateNonce();
        }

        byte[] bytes = new byte[Large];
        new Random(9449).NextBytes(bytes);
        (Func<byte[], HttpContent> make, bool replays) = Kinds[kind];
        using HttpContent expected = make(bytes);
        byte[] body = await expected.ReadAsByteArrayAsync();
        int before = server.Requests;
        using HttpResponseMessage response = await SendAsync(client, server, make(bytes), async);

        if (replays || !readFirst)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(body, Assert.Single(server.Accepted));
        }
        else
        {
            // The server had the body and refused: it is not sent again, and the nonce is learnt.
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Empty(server.Accepted);
            using HttpResponseMessage next = await SendAsync(client, server, make(bytes), async);
            Assert.Equal(HttpStatusCode.OK, next.StatusCode);
            Assert.Equal(body, Assert.Single(server.Accepted));
        }

        Assert.InRange(server.Requests - before, 1, 2);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, UploadServer server, HttpContent content, bool async)
    {
        HttpRequestMessage request = new(HttpMethod.Post, server.Uri) { Content = content, Version = server.Version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Authorization = new("DPoP", "opaque");
        return client.SendAsync(request, async);
    }

    private static StreamContent WithLength(StreamContent content, long length)
    {
        content.Headers.ContentLength = length;
        return content;
    }

    private static IEnumerable<string> Once(byte[] bytes)
    {
        Queue<string> source = new(bytes.Chunk(1000).Select(Convert.ToHexString));
        return Enumerate();

        IEnumerable<string> Enumerate()
        {
            while (source.TryDequeue(out string? next))
            {
                yield return next;
            }
        }
    }

    private static async IAsyncEnumerable<string> OnceAsync(byte[] bytes)
    {
        foreach (byte[] chunk in bytes.Chunk(1000))
        {
            await Task.Yield();
            yield return Convert.ToHexString(chunk);
        }
    }

    /// <summary>As many custom contents are: silently empty the second time.</summary>
    private sealed class CopyOnceContent(byte[] bytes) : HttpContent
    {
        private readonly OneShotStream _stream = new(bytes);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _stream.CopyToAsync(stream);

        protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) => _stream.CopyTo(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
