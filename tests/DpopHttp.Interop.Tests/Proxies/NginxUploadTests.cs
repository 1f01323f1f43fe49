using System.Collections.Concurrent;
using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Interop.Tests.Proxies;

/// <summary>Uploads through nginx to Kestrel, which demands nonces: over HTTP/2 nginx never sends 100 Continue, over HTTP/1.1 it does so before anybody has looked.</summary>
public class NginxUploadTests
{
    public static TheoryData<string, int, bool> Cases
    {
        get
        {
            TheoryData<string, int, bool> cases = [];
            foreach (string version in (string[])["1.1", "2.0"])
            {
                foreach (int length in (int[])[5, 100_000, 4_000_000])
                {
                    cases.Add(version, length, true);
                    cases.Add(version, length, false);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Uploads_arrive_whole_and_no_call_asks_again_after_the_first_silent_answer(string version, int length, bool readsOnce)
    {
        int step = 1;
        ConcurrentQueue<(int Status, bool Expects, long Received)> seen = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            bool accepts = ProofOf(context) == $"n{Volatile.Read(ref step)}";
            context.Response.StatusCode = accepts ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
            context.Response.Headers["DPoP-Nonce"] = $"n{Volatile.Read(ref step)}";
            context.Response.Headers.WWWAuthenticate = accepts ? default : "DPoP error=\"use_dpop_nonce\"";
            CountingStream received = new();
            if (accepts)
            {
                await context.Request.Body.CopyToAsync(received, context.RequestAborted);
            }

            seen.Enqueue((context.Response.StatusCode, context.Request.Headers.Expect.Count > 0, received.Count));
        });
        await using NginxServer nginx = await NginxServer.StartAsync(server.BaseAddress);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = new(new DpopHandler(key, new DpopOptions { ProbeBeforeUpload = readsOnce }) { InnerHandler = new SocketsHttpHandler() });
        Version http = Version.Parse(version);

        async Task<HttpStatusCode> UploadAsync()
        {
            HttpContent content = readsOnce ? new StreamContent(new OneShotStream(new byte[length])) : new ByteArrayContent(new byte[length]);
            using HttpRequestMessage request = new(HttpMethod.Put, nginx.UriFor(http)) { Content = content, Version = http, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.Add("Authorization", "DPoP opaque");
            using HttpResponseMessage response = await client.SendAsync(request);
            return response.StatusCode;
        }

        // Cold, known, known, and rotated.
        Assert.Equal(HttpStatusCode.OK, await UploadAsync());
        Assert.Equal(HttpStatusCode.OK, await UploadAsync());
        Assert.Equal(HttpStatusCode.OK, await UploadAsync());
        int before = seen.Count;
        Interlocked.Increment(ref step);
        HttpStatusCode rotated = await UploadAsync();
        if (rotated == HttpStatusCode.Unauthorized)
        {
            // A body that can be read once has gone beyond what is kept: the caller has the answer, and the next upload succeeds.
            Assert.True(readsOnce && length > 64 * 1024);
            Assert.Equal(HttpStatusCode.OK, await UploadAsync());
        }

        Assert.All(seen.Where(s => s.Status == 200 && s.Received > 0), s => Assert.Equal(length, s.Received));
        Assert.InRange(seen.Count - before, 2, 3);

        // nginx keeps Expect to itself over HTTP/1.1 and hands it on over HTTP/2, where it may be asked once.
        Assert.InRange(seen.Count(s => s.Expects), 0, 2);
        Assert.DoesNotContain(seen.Skip(before), s => s.Expects && version == "2.0" && !readsOnce);
    }

    private static string? ProofOf(HttpContext context) => DecodedProof.Nonce(context.Request.Headers["DPoP"].Single());

    private sealed class CountingStream : MemoryStream
    {
        public long Count { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Count += count;

        public override void Write(ReadOnlySpan<byte> buffer) => Count += buffer.Length;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Count += buffer.Length;
            return default;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Count += count;
            return Task.CompletedTask;
        }
    }
}
