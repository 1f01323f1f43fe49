using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Threading.Channels;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tests.Http.Bodies;

public class RequestBodyTests
{
    [Fact]
    public async Task A_sequence_inside_of_an_object_that_is_gone_after_its_first_enumeration_arrives_whole()
    {
        await using UploadServer server = await UploadServer.StartAsync(HttpProtocols.Http1, readsFirst: true);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        Channel<int> rows = Channel.CreateUnbounded<int>();
        Assert.True(rows.Writer.TryWrite(1) && rows.Writer.TryWrite(2) && rows.Writer.TryComplete());
        using HttpResponseMessage response = await client.PostAsJsonAsync(server.Uri, new { Name = "n", Rows = rows.Reader.ReadAllAsync() });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"name":"n","rows":[1,2]}""", Encoding.UTF8.GetString(Assert.Single(server.Accepted)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_content_factory_makes_the_body_for_each_attempt(bool async)
    {
        await using UploadServer server = await UploadServer.StartAsync(HttpProtocols.Http1, readsFirst: true);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        List<DisposalProbe> made = [];
        using (HttpRequestMessage request = new(HttpMethod.Post, server.Uri))
        {
            request.SetDpopContentFactory(() =>
            {
                made.Add(new DisposalProbe([1, 2, 3]));
                return made[^1];
            });
            using HttpResponseMessage response = await client.SendAsync(request, async);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal([1, 2, 3], Assert.Single(server.Accepted));
            Assert.Equal([true, false], made.Select(m => m.IsDisposed));
        }

        Assert.Equal([true, true], made.Select(m => m.IsDisposed));
    }

    [Fact]
    public async Task A_content_factory_that_gives_null_is_an_error()
    {
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(new StubHandler());
        using HttpRequestMessage request = new(HttpMethod.Post, "https://api.example.com/");
        request.SetDpopContentFactory(() => null!);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.SendAsync(request, async: true));
        Assert.Throws<ArgumentNullException>("createContent", () => request.SetDpopContentFactory(null!));
        Assert.Throws<ArgumentNullException>("request", () => ((HttpRequestMessage)null!).SetDpopContentFactory(() => new StringContent("")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Content_and_expectation_are_the_callers_again_afterwards(bool async)
    {
        await using UploadServer server = await UploadServer.StartAsync(HttpProtocols.Http1, readsFirst: false);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: Patient());
        using StreamContent content = new(new OneShotStream(new byte[100_000]));
        content.Headers.ContentType = new("application/x-mine");
        using HttpRequestMessage request = new(HttpMethod.Put, server.Uri) { Content = content };
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Same(content, request.Content);
        Assert.Null(request.Headers.ExpectContinue);
    }

    [Fact]
    public async Task The_headers_of_a_wrapped_or_buffered_body_are_on_the_wire()
    {
        List<(string? Type, string? Mine, long? Length)> seen = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            seen.Add((context.Request.ContentType, context.Request.Headers["Content-Mine"], context.Request.ContentLength));
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        foreach (int length in (int[])[500, 50_000, 500_000])
        {
            using StreamContent content = new(new OneShotStream(new byte[length]));
            content.Headers.ContentType = new("application/x-mine");
            content.Headers.TryAddWithoutValidation("Content-Mine", "x, y");
            content.Headers.ContentLength = length;
            using HttpResponseMessage response = await client.PostAsync(server.BaseAddress, content);
            Assert.Equal(("application/x-mine", "x, y", length), seen[^1]);
        }
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(64 * 1024, false)]
    [InlineData((64 * 1024) + 1, true)]
    public async Task Expect_is_for_large_bodies_while_a_nonce_may_be_asked_for(int length, bool expects)
    {
        List<string?> seen = [];
        string? nonce = null;
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            seen.Add(context.Request.Headers.Expect);
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (nonce is not null)
            {
                context.Response.Headers["DPoP-Nonce"] = nonce;
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: Patient());

        async Task PostAsync(bool? expectation = null)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress) { Content = new ByteArrayContent(new byte[length]) };
            request.Headers.ExpectContinue = expectation;
            using HttpResponseMessage response = await client.SendAsync(request);
        }

        await PostAsync();            // nothing is known
        await PostAsync();            // it answers and has given no nonce
        nonce = "n1";
        await PostAsync();            // it gives one
        await PostAsync();            // it may ask again
        await PostAsync(false);       // the caller has decided
        await PostAsync(true);
        Assert.Equal([expects, false, false, expects, false, true], seen.Select(e => e == "100-continue"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_does_not_know_Expect_gets_the_request_without_it(bool async)
    {
        byte[] body = new byte[200_000];
        new Random(1).NextBytes(body);
        List<byte[]> bodies = [];
        int requests = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            requests++;
            if (context.Request.Headers.Expect.Count > 0)
            {
                context.Response.StatusCode = StatusCodes.Status417ExpectationFailed;
                return;
            }

            MemoryStream copy = new();
            await context.Request.Body.CopyToAsync(copy);
            bodies.Add(copy.ToArray());
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        using HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress) { Content = new StreamContent(new OneShotStream(body)) };
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body, Assert.Single(bodies));
        Assert.Equal(2, requests);
    }

    [Fact]
    public async Task A_log_line_says_why_a_request_was_not_replayed()
    {
        await using UploadServer server = await UploadServer.StartAsync(HttpProtocols.Http1, readsFirst: true);
        ServiceCollection services = new();
        services.AddFakeLogging().AddHttpClient("api").AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage response = await client.PostAsync(server.Uri, new StreamContent(new OneShotStream(new byte[100_000])));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        FakeLogRecord record = Assert.Single(provider.GetFakeLogCollector().GetSnapshot(), r => r.Id.Name == "CannotReplay");
        Assert.Contains("SetDpopContentFactory", record.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_fails_while_it_is_sent_fails_the_request_and_nothing_is_sent_again(bool async)
    {
        await using UploadServer server = await UploadServer.StartAsync(HttpProtocols.Http1, readsFirst: true);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = new(HttpMethod.Post, server.Uri) { Content = new StreamContent(new FailingStream()) };
        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, async));
        Assert.InRange(server.Requests, 0, 1);
        Assert.Empty(server.Accepted);
    }

    private sealed class DisposalProbe(byte[] bytes) : ByteArrayContent(bytes)
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class FailingStream : MemoryStream
    {
        private int _reads;

        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => ++_reads > 3 ? throw new IOException("The disk is gone.") : count;

        public override int Read(Span<byte> buffer) => ++_reads > 3 ? throw new IOException("The disk is gone.") : buffer.Length;

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Read(buffer, offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => Task.Run(() => CopyTo(destination, bufferSize), cancellationToken);

        public override void CopyTo(Stream destination, int bufferSize)
        {
            byte[] buffer = new byte[bufferSize];
            while (true)
            {
                destination.Write(buffer, 0, Read(buffer, 0, bufferSize));
            }
        }
    }

    /// <summary>Waits for 100 (Continue) as long as a busy machine takes for it.</summary>
    private static SocketsHttpHandler Patient() => new() { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
}
