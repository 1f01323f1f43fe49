using System.Collections.Concurrent;
using System.Net;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Http.Bodies;

/// <summary>On HTTP/2 the stack itself sends a request again that a server has not processed, whatever of its body was read already.</summary>
public class StackRetryTests
{
    public static TheoryData<string, bool, int, bool> Cases
    {
        get
        {
            TheoryData<string, bool, int, bool> cases = [];
            foreach (string refusal in (string[])["GOAWAY", "REFUSED_STREAM"])
            {
                cases.Add(refusal, true, 200_000, true);
                cases.Add(refusal, true, 200_000, false);
                cases.Add(refusal, true, 50_000, true);
                cases.Add(refusal, false, 200_000, false);
            }

            return cases;
        }
    }

    /// <summary>The server refuses after some data on the first connection or stream; the whole body arrives at the second, or the call fails.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_body_that_the_stack_sends_again_arrives_whole_or_the_call_fails(string refusal, bool oneShot, int length, bool hasLength)
    {
        int refusals = 0;
        ConcurrentDictionary<(int, int), int> received = [];
        await using RawHttp2Server server = RawHttp2Server.Start(async (connection, frame) =>
        {
            if (frame.Type == RawHttp2Server.Data)
            {
                int total = received.AddOrUpdate((connection.Number, frame.Stream), frame.Payload.Length, (_, sum) => sum + frame.Payload.Length);
                if (total >= Math.Min(length, 30_000) && Interlocked.CompareExchange(ref refusals, 1, 0) == 0)
                {
                    received.TryRemove((connection.Number, frame.Stream), out _);
                    await (refusal == "GOAWAY" ? connection.GoAwayAsync() : connection.RefuseAsync(frame.Stream));
                    return;
                }
            }

            if (frame.EndsStream)
            {
                await connection.AnswerOkAsync(frame.Stream);
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMilliseconds(50) });
        byte[] bytes = new byte[length];
        HttpContent content = oneShot ? new ReadOnceContent(bytes, hasLength) : new ByteArrayContent(bytes);
        using HttpRequestMessage request = new(HttpMethod.Post, server.Uri) { Content = content, Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(length, received.Values.Max());
        }
        catch (HttpRequestException)
        {
            Assert.True(oneShot, "A body that can be read again is sent again.");
        }

        Assert.Equal(1, refusals);
    }

    [Fact]
    public async Task A_stream_that_is_lost_while_100_is_awaited_is_no_cancellation_that_nobody_asked_for()
    {
        const byte EnhanceYourCalm = 11;
        await using RawHttp2Server server = RawHttp2Server.Start((connection, frame) => connection.RefuseAsync(frame.Stream, EnhanceYourCalm));
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        for (int i = 0; i < 50; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, server.Uri)
            {
                Content = new StreamContent(new OneShotStream(new byte[200_000])),
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));
        }
    }

    /// <summary>Silently short the second time, as a content that copies a stream of its own is.</summary>
    private sealed class ReadOnceContent(byte[] bytes, bool hasLength) : HttpContent
    {
        private readonly OneShotStream _stream = new(bytes);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _stream.CopyToAsync(stream, 16_384);

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return hasLength;
        }
    }
}
