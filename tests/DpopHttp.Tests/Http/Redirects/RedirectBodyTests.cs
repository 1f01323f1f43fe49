using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DpopHttp.Tests.Http.Redirects;

/// <summary>What becomes of a body when its request is redirected.</summary>
public class RedirectBodyTests
{
    [Theory]
    [InlineData(307, true)]
    [InlineData(307, false)]
    public async Task A_body_that_is_used_up_is_not_sent_on(int status, bool readsFirst)
    {
        List<int> lengths = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/" && !readsFirst)
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/next";
                return;
            }

            MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body);
            lengths.Add((int)body.Length);
            if (context.Request.Path == "/")
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/next";
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        using HttpResponseMessage response = await client.PostAsync(server.BaseAddress, new StreamContent(new OneShotStream(new byte[100_000])));

        // Read first: the redirect is the caller's. Else the body was still whole, and is at the target.
        Assert.Equal(readsFirst ? HttpStatusCode.TemporaryRedirect : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([100_000], lengths);
    }

    [Theory]
    [InlineData(303, "GET", "")]
    [InlineData(307, "POST", "made anew")]
    public async Task A_content_factory_serves_each_hop_that_has_a_body(int status, string method, string body)
    {
        List<Seen> seen = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            seen.Add(await Seen.ReadAsync(context));
            if (context.Request.Path == "/")
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/next";
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress);
        request.SetDpopContentFactory(() => new StringContent("made anew"));
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal([("POST", "made anew"), (method, body)], seen.Select(s => (s.Method, s.Body)));
    }

    [Fact]
    public async Task A_small_body_of_an_unknown_kind_is_sent_on()
    {
        List<string> bodies = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            bodies.Add((await Seen.ReadAsync(context)).Body);
            if (context.Request.Path == "/")
            {
                context.Response.StatusCode = 308;
                context.Response.Headers.Location = "/next";
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using StreamContent content = new(new OneShotStream("hello"u8.ToArray()));
        content.Headers.ContentLength = 5;
        using HttpResponseMessage response = await client.PostAsync(server.BaseAddress, content);
        Assert.Equal(["hello", "hello"], bodies);
    }
}
