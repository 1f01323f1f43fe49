using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tests.Http;

/// <summary>What the most hostile server gets out of one call.</summary>
public class BudgetTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(70_000, true)]
    [InlineData(70_000, false)]
    public async Task A_call_costs_six_requests_more_than_its_hops_at_most(int length, bool async)
    {
        int requests = 0, renewals = 0;
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            // In turn: another nonce, another time, another token, no Expect, and on to the next hop.
            int turn = Interlocked.Increment(ref requests);
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.Headers["DPoP-Nonce"] = $"n{turn}";
            context.Response.Headers.Date = time.GetUtcNow().AddMinutes(turn % 50).ToString("R");
            switch (turn % 5)
            {
                case 0:
                    context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                    context.Response.Headers.Location = $"/{turn}";
                    break;
                case 1:
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    context.Response.Headers.WWWAuthenticate = "DPoP error=\"use_dpop_nonce\"";
                    break;
                case 2:
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    context.Response.Headers.WWWAuthenticate = "DPoP error=\"invalid_dpop_proof\"";
                    break;
                case 3:
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                    context.Response.Headers.WWWAuthenticate = "DPoP error=\"invalid_token\"";
                    break;
                default:
                    context.Response.StatusCode = length > 0 ? StatusCodes.Status417ExpectationFailed : StatusCodes.Status307TemporaryRedirect;
                    context.Response.Headers.Location = $"/{turn}";
                    break;
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(new DpopOptions { TimeProvider = time });
        using HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress) { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.Add("Authorization", "DPoP opaque");
        request.SetDpopTokenRenewal((_, _) => new($"other-{++renewals}"));
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.InRange(requests, 4, 1 + 50 + 6);
        Assert.Equal(1, renewals);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redirects_between_the_refusals_win_nothing(bool async)
    {
        int requests = 0, renewals = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            // Each hop: a nonce, then a refused token, and once that stands or was renewed, the next hop.
            string path = context.Request.Path.Value!;
            int turn = Interlocked.Increment(ref requests);
            string? nonce = DecodedProof.Nonce(context.Request.Headers["DPoP"].Single());
            context.Response.Headers["DPoP-Nonce"] = $"n{turn}";
            if (path.Length < 2 || nonce?.StartsWith('n') != true || turn % 3 == 0)
            {
                context.Response.StatusCode = turn % 2 == 0 ? StatusCodes.Status307TemporaryRedirect : StatusCodes.Status401Unauthorized;
                context.Response.Headers.Location = $"/{turn}";
                context.Response.Headers.WWWAuthenticate = turn % 4 == 1 ? "DPoP error=\"invalid_token\"" : "DPoP error=\"use_dpop_nonce\"";
                return Task.CompletedTask;
            }

            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = $"/{turn}";
            return Task.CompletedTask;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = new(HttpMethod.Get, server.BaseAddress);
        request.Headers.Add("Authorization", "DPoP opaque");
        request.SetDpopTokenRenewal((_, _) => new($"other-{++renewals}"));
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.InRange(requests, 2, 1 + 50 + 6);
        Assert.InRange(renewals, 0, 1);
    }
}
