using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tests.Docs;

/// <summary>What docs/redirects.md says of primary handlers that clients share, and of the request that is the caller's.</summary>
public class RedirectsPageTests
{
    [Fact]
    public async Task A_plain_client_that_shares_a_primary_handler_gets_redirects_as_answers_from_the_first_request_with_DPoP_on()
    {
        await using LoopbackServer server = await StartAsync();
        using DpopKey key = DpopKey.Generate();
        using SocketsHttpHandler shared = new();
        using HttpClient plain = new(shared);
        using HttpClient first = key.Client(primary: shared);
        using HttpClient second = key.Client(primary: shared);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first, server));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, await StatusAsync(plain, server));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, server));
    }

    [Fact]
    public async Task Where_the_plain_client_was_first_the_one_with_DPoP_fails_before_it_sends()
    {
        await using LoopbackServer server = await StartAsync();
        using DpopKey key = DpopKey.Generate();
        using SocketsHttpHandler shared = new();
        using HttpClient plain = new(shared);
        using HttpClient dpop = key.Client(primary: shared);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(plain, server));
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => StatusAsync(dpop, server));
        Assert.Equal(DpopErrorCodes.PrimaryHandlerInUse, exception.Code);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(plain, server));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_request_is_as_it_was_and_the_response_names_the_last_hop(bool async)
    {
        await using LoopbackServer server = await StartAsync();
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        Uri from = new(server.BaseAddress, "/from");
        using StringContent content = new("body");
        using HttpRequestMessage request = new(HttpMethod.Post, from) { Content = content };
        request.Headers.Add("Authorization", "DPoP some-token");
        using HttpResponseMessage response = await client.SendAsync(request, async);

        Assert.Equal(new Uri(server.BaseAddress, "/to"), response.RequestMessage!.RequestUri);
        Assert.Equal((HttpMethod.Post, from, "some-token"), (request.Method, request.RequestUri!, request.Headers.Authorization!.Parameter));
        Assert.Same(content, request.Content);
        Assert.False(request.Headers.Contains("DPoP"));
    }

    private static Task<LoopbackServer> StartAsync() => LoopbackServer.StartAsync(context =>
    {
        if (context.Request.Path == "/from")
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = "/to";
        }

        return Task.CompletedTask;
    });

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, LoopbackServer server)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(server.BaseAddress, "/from"));
        return response.StatusCode;
    }
}
