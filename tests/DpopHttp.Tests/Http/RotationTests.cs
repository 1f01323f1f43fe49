using System.Collections.Concurrent;
using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tests.Http;

/// <summary>Nonces that change under load.</summary>
public class RotationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_call_succeeds_while_the_nonce_rotates_every_few_milliseconds(bool async)
    {
        // Accepts the current nonce and the one before, so that a replay at once is always in time.
        ConcurrentDictionary<string, string> challengeOf = new();
        ConcurrentBag<string> problems = [];
        int version = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            int current = Volatile.Read(ref version);
            string id = context.Request.Path.Value!;
            string? nonce = DecodedProof.Nonce(context.Request.Headers["DPoP"].Single());
            if (challengeOf.TryGetValue(id, out string? given) && nonce != given)
            {
                problems.Add($"{id} was answered with {given} and came back with {nonce}");
            }

            // A call that was challenged is accepted with exactly the nonce that its own challenge gave, however old by now.
            if (given is null && nonce != $"v{current}" && nonce != $"v{current - 1}")
            {
                challengeOf[id] = $"v{current}-{id[1..]}";
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers["DPoP-Nonce"] = challengeOf[id];
                return Task.CompletedTask;
            }

            context.Response.Headers["DPoP-Nonce"] = $"v{current}";
            return Task.CompletedTask;
        });
        using CancellationTokenSource stop = new();
        Task rotation = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                Interlocked.Increment(ref version);
                await Task.Delay(3);
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(task => Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri(server.BaseAddress, $"/{task}-{i}"), async, "DPoP opaque");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        })));
        await stop.CancelAsync();
        await rotation;
        Assert.Empty(problems);
    }

    [Fact]
    public async Task The_nonce_of_a_challenge_is_not_used_by_others_before_its_replay_has_its_answer()
    {
        TaskCompletionSource replayArrived = new();
        TaskCompletionSource replayMayEnd = new();
        ConcurrentQueue<(string Id, string? Nonce)> seen = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            string id = context.Request.Path.Value!;
            string? nonce = DecodedProof.Nonce(context.Request.Headers["DPoP"].Single());
            seen.Enqueue((id, nonce));
            if (id == "/challenged" && nonce != "only-for-the-replay")
            {
                context.Response.StatusCode = 401;
                context.Response.Headers["DPoP-Nonce"] = "only-for-the-replay";
            }
            else if (id == "/challenged")
            {
                replayArrived.SetResult();
                await replayMayEnd.Task;
                context.Response.Headers["DPoP-Nonce"] = "after";
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpResponseMessage warmUp = await client.GetAsync(new Uri(server.BaseAddress, "/warm-up"));
        Task<HttpResponseMessage> challenged = client.GetAsync(new Uri(server.BaseAddress, "/challenged"));
        await replayArrived.Task;
        using HttpResponseMessage other = await client.GetAsync(new Uri(server.BaseAddress, "/other"));
        replayMayEnd.SetResult();
        using HttpResponseMessage answered = await challenged;
        using HttpResponseMessage last = await client.GetAsync(new Uri(server.BaseAddress, "/last"));
        Assert.Equal([("/other", null), ("/last", "after")], seen.Where(s => s.Id is "/other" or "/last"));
    }

    [Fact]
    public async Task The_nonce_of_a_challenge_is_kept_when_its_replay_fails_or_brings_none()
    {
        int requests = 0;
        StubHandler server = new(_ =>
        {
            HttpResponseMessage challenge = new(HttpStatusCode.Unauthorized) { Headers = { { "DPoP-Nonce", $"n{requests}" } } };
            return (requests++) switch
            {
                0 or 3 => challenge,
                1 => throw new HttpRequestException("The connection was lost."),
                _ => new HttpResponseMessage(HttpStatusCode.OK),
            };
        });
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(server);
        Uri api = new("https://api.example.com/");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(api, async: true));
        using HttpResponseMessage second = await client.GetAsync(api, async: true);
        using HttpResponseMessage third = await client.GetAsync(api, async: true);
        using HttpResponseMessage fourth = await client.GetAsync(api, async: true);
        Assert.Equal([null, "n0", "n0", "n0", "n3", "n3"], server.Proofs.Select(DecodedProof.Nonce));
    }

    [Fact]
    public async Task A_late_answer_does_not_replace_a_newer_nonce()
    {
        TaskCompletionSource slowArrived = new();
        TaskCompletionSource slowMayEnd = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            string path = context.Request.Path.Value![1..];
            if (path == "slow")
            {
                slowArrived.SetResult();
                await slowMayEnd.Task;
            }

            context.Response.Headers["DPoP-Nonce"] = path;
            await context.Response.WriteAsync(DecodedProof.Nonce(context.Request.Headers["DPoP"].Single()) ?? "none");
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        Assert.Equal("none", await client.GetStringAsync(new Uri(server.BaseAddress, "/first")));
        Task<string> slow = client.GetStringAsync(new Uri(server.BaseAddress, "/slow"));
        await slowArrived.Task;
        Assert.Equal("first", await client.GetStringAsync(new Uri(server.BaseAddress, "/quick")));
        slowMayEnd.SetResult();
        Assert.Equal("first", await slow);
        Assert.Equal("quick", await client.GetStringAsync(new Uri(server.BaseAddress, "/last")));
    }
}
