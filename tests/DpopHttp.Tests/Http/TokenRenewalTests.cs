using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tests.Http;

/// <summary>Another token, once, for a request whose own the server refuses.</summary>
public class TokenRenewalTests
{
    private readonly List<string> _asked = [];

    [Theory]
    [InlineData(true, NonceMode.None, "401 200")]
    [InlineData(false, NonceMode.None, "401 200")]
    [InlineData(true, NonceMode.Steady, "401 401 200")]
    [InlineData(false, NonceMode.OneTime, "401 401 200")]
    public async Task The_request_is_sent_again_with_the_new_token_and_its_body(bool async, NonceMode nonces, string expected)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = nonces });
        server.Api.RefuseToken("old");
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        HttpRequestMessage request = Request(server, "DPoP old", _ => "new");
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(expected, string.Join(' ', server.Api.Requests.Select(r => (int)r.StatusCode!)));
        Assert.Equal(("new", "body"), (server.Api.Requests[^1].AccessToken, System.Text.Encoding.UTF8.GetString(server.Api.Requests[^1].Body!.Value.Span)));
        Assert.Equal(["old"], _asked);

        // The caller's request is as it was.
        Assert.Equal("DPoP old", request.Headers.Authorization!.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_refusal_is_the_callers(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        server.Api.RefuseToken("old");
        server.Api.RefuseToken("new");
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpResponseMessage response = await client.SendAsync(Request(server, "DPoP old", _ => "new"), async);
        Assert.Equal("invalid_token", response.GetDpopChallenge()!.Error);
        Assert.Equal(["old"], _asked);
        Assert.Equal(2, server.Api.Requests.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("old")]
    public async Task Without_another_token_the_refusal_is_the_callers(string? renewed)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        server.Api.RefuseToken("old");
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpResponseMessage response = await client.SendAsync(Request(server, "DPoP old", _ => renewed));
        Assert.Equal("invalid_token", response.GetDpopChallenge()!.Error);
        Assert.Single(server.Api.Requests);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.Unauthorized)]
    public async Task Any_other_answer_asks_for_no_token(HttpStatusCode status)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        server.Api.Enqueue(ProtectedResourceFault.Status(status));
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpResponseMessage response = await client.SendAsync(Request(server, "DPoP old", _ => "new"));
        Assert.Equal(status, response.StatusCode);
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_renewal_throws_ends_the_send_and_a_token_that_is_none_or_of_another_key_is_not_sent(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        server.Api.RefuseToken("old");
        using DpopKey key = DpopKey.Generate();
        using DpopKey other = DpopKey.Generate();
        using HttpClient client = key.Client();
        await Assert.ThrowsAsync<TimeoutException>(() => client.SendAsync(Request(server, "DPoP old", _ => throw new TimeoutException()), async));
        DpopException malformed = await Assert.ThrowsAsync<DpopException>(() => client.SendAsync(Request(server, "DPoP old", _ => "two words"), async));
        DpopException foreign = await Assert.ThrowsAsync<DpopException>(() => client.SendAsync(Request(server, "DPoP old", _ => JwtTokens.BoundTo(other)), async));
        Assert.Equal((DpopErrorCodes.InvalidAccessToken, DpopErrorCodes.KeyMismatch), (malformed.Code, foreign.Code));
        Assert.All(server.Api.Requests, r => Assert.Equal("old", r.AccessToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_renewal_from_the_same_server_does_not_wait_for_the_request_that_waits_for_it(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        server.Api.RefuseToken("old");
        using DpopKey key = DpopKey.Generate();

        // A clock that stands still: who waits for a second waits for ever.
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        using HttpClient client = new(new DpopHandler(key, new DpopOptions { TimeProvider = time }) { InnerHandler = new SocketsHttpHandler() });
        HttpRequestMessage request = Request(server, "DPoP old", _ => "new");
        request.SetDpopTokenRenewal(async (_, cancellationToken) =>
        {
            using HttpResponseMessage answer = await client.GetAsync(server.BaseAddress, cancellationToken);
            return "new";
        });
        using HttpResponseMessage response = await Task.Run(() => client.SendAsync(request, async)).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_redirect_is_followed_with_the_new_token(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        server.Api.RefuseToken("old");
        using DpopKey key = DpopKey.Generate();
        HttpRequestMessage request = Request(server, "DPoP old", _ =>
        {
            server.Api.Enqueue(ProtectedResourceFault.Redirect(HttpStatusCode.TemporaryRedirect, new Uri(server.BaseAddress, "/moved")));
            return "new";
        });
        using HttpClient client = new(new DpopHandler(key) { InnerHandler = new SocketsHttpHandler() });
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["old", "new", "new"], server.Api.Requests.Select(r => r.AccessToken));
    }

    /// <summary>The server answers before it has read the body, and says at last how much of it came.</summary>
    [Theory]
    [InlineData(null, "401 refused, 2000 bytes")]
    [InlineData("new", "200 accepted, 2000 bytes")]
    public async Task A_body_under_way_goes_on_until_another_token_is_there(string? renewed, string expected)
    {
        TaskCompletionSource rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            async context =>
            {
                bool accepts = context.Request.Headers.Authorization == "DPoP new";
                context.Response.StatusCode = accepts ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = accepts ? default : "DPoP error=\"invalid_token\"";
                await context.Response.Body.FlushAsync();
                using MemoryStream body = new();
                await context.Request.Body.CopyToAsync(body);
                await context.Response.WriteAsync($"{(accepts ? "accepted" : "refused")}, {body.Length} bytes");
            },
            HttpProtocols.Http2);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new PausingContent(rest.Task),
            Headers = { { "Authorization", "DPoP old" } },
        };
        request.Headers.ExpectContinue = false;
        request.SetDpopTokenRenewal((_, _) =>
        {
            rest.SetResult();
            return new(renewed);
        });
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(expected, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    [Fact]
    public async Task SetDpopTokenRenewal_Null_LetsTheRefusalStand()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        server.Api.RefuseToken("old");
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        HttpRequestMessage request = Request(server, "DPoP old", _ => "new");
        request.SetDpopTokenRenewal(null);
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(_asked);
    }

    private HttpRequestMessage Request(ResourceServer server, string authorization, Func<string, string?> renew)
    {
        HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress)
        {
            Content = new StringContent("body"),
            Headers = { { "Authorization", authorization } },
        };
        request.SetDpopTokenRenewal((refused, _) =>
        {
            _asked.Add(refused);
            return new(renew(refused));
        });
        return request;
    }

    /// <summary>Can be sent once, and writes its second half when it is told to.</summary>
    private sealed class PausingContent(Task rest) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[1000]);
            await stream.FlushAsync();
            await rest;
            await stream.WriteAsync(new byte[1000]);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
