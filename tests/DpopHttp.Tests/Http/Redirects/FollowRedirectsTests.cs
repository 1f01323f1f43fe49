using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tests.Http.Redirects;

/// <summary>Clients that post secrets follow nowhere.</summary>
public class FollowRedirectsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_FollowRedirects_is_off_the_redirect_is_the_callers_and_its_target_gets_nothing(bool async)
    {
        int foreign = 0;
        await using LoopbackServer target = await LoopbackServer.StartAsync(context =>
        {
            foreign++;
            return Task.CompletedTask;
        });
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = new Uri(target.BaseAddress, "/token").AbsoluteUri;
            return Task.CompletedTask;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(new DpopOptions { FollowRedirects = false });
        HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress) { Content = new StringContent("client_secret=secret") };
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal((HttpStatusCode.TemporaryRedirect, 0), (response.StatusCode, foreign));

        // The primary's own following is off as well, and the default is to follow.
        using HttpClient following = key.Client();
        using HttpResponseMessage followed = await following.SendAsync(new HttpRequestMessage(HttpMethod.Get, server.BaseAddress), async);
        Assert.Equal((HttpStatusCode.OK, 1), (followed.StatusCode, foreign));
    }
}
