using System.Collections.Concurrent;
using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tests.KeyRing;

/// <summary>Keys that change while many requests are under way, over real sockets.</summary>
public class RotationUnderLoadTests(ITestOutputHelper output)
{
    private const int Tasks = 16;

    private const int Rotations = 40;

    /// <summary>More than can be under way, so that between two changes some requests begin and end: each key is used.</summary>
    private const int AnswersBetween = Tasks + 4;

    public enum KeyOrigin
    {
        Process,
        File,
        Given,
    }

    [Theory]
    [InlineData(KeyOrigin.Process, true, false)]
    [InlineData(KeyOrigin.Process, false, true)]
    [InlineData(KeyOrigin.File, true, true)]
    [InlineData(KeyOrigin.File, false, false)]
    [InlineData(KeyOrigin.Given, true, false)]
    [InlineData(KeyOrigin.Given, false, true)]
    public async Task No_request_fails_and_no_nonce_goes_to_another_key(KeyOrigin origin, bool oneTime, bool collect)
    {
        NonceIssuer issuer = new(oneTime);
        using KeyDirectory directory = new();
        using DpopKey given = DpopKey.Generate();
        await using LoopbackServer server = await LoopbackServer.StartAsync(issuer.HandleAsync);
        await using RingBench bench = new(
            s =>
            {
                s.AddHttpClient("api").AddDpop(o => (o.Key, o.KeyFile) = (origin == KeyOrigin.Given ? given : null, origin == KeyOrigin.File ? directory["key"] : null));
                s.AddHttpClient("sharer").AddDpop(o => o.KeyName = "api");
            },
            () => new SocketsHttpHandler());
        List<string> keys = [bench.Ring.Get("api").Thumbprint];
        using SemaphoreSlim answered = new(0);
        using CancellationTokenSource stop = new();
        ConcurrentQueue<string> failures = [];
        Task[] senders = [.. Enumerable.Range(0, Tasks).Select(task => Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                string? failure = await SendAsync(bench, (task & 1) == 0 ? "api" : "sharer", new Uri(server.BaseAddress, $"/{task}-{i}"), async: task % 4 < 2);
                if (failure is not null)
                {
                    failures.Enqueue(failure);
                }

                answered.Release();
            }
        }))];

        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(50));
        for (int rotation = 0; rotation < Rotations; rotation++)
        {
            await pace.WaitForNextTickAsync();
            await WaitAsync(answered);
            DpopKey next = Rotate(bench.Ring, origin);
            keys.Add(next.Thumbprint);
            if (collect)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        }

        await WaitAsync(answered);
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        output.WriteLine($"{Rotations} rotations, {issuer.Accepted} requests accepted, {issuer.Challenged} challenges.");
        Assert.Empty(failures);
        Assert.Empty(issuer.Problems);
        Assert.Equal(Rotations + 1, keys.Distinct().Count());
        Assert.Equal(keys, issuer.Signers);
        Assert.True(issuer.Accepted >= Rotations * AnswersBetween && issuer.Challenged >= Rotations, $"{issuer.Accepted} accepted, {issuer.Challenged} challenged");
        Assert.All(bench.Logged("KeyChanged"), r => Assert.True(
            keys.IndexOf(r.GetStructuredStateValue("Former")!) < keys.IndexOf(r.GetStructuredStateValue("Thumbprint")!), r.Message));
    }

    private static DpopKey Rotate(DpopKeyRing ring, KeyOrigin origin)
    {
        if (origin != KeyOrigin.Given)
        {
            return ring.Rotate("sharer");
        }

        // Not disposed here: requests under way sign with it, and then nobody does.
        DpopKey next = DpopKey.Generate();
        ring.Replace("sharer", next);
        return next;
    }

    private static async Task WaitAsync(SemaphoreSlim answered)
    {
        // What was answered before the change does not count.
        while (await answered.WaitAsync(TimeSpan.Zero))
        {
        }

        for (int i = 0; i < AnswersBetween; i++)
        {
            await answered.WaitAsync();
        }
    }

    private static async Task<string?> SendAsync(RingBench bench, string client, Uri uri, bool async)
    {
        try
        {
            using HttpClient http = bench.Client(client);
            using HttpResponseMessage response = await http.GetAsync(uri, async, "DPoP token");
            return response.StatusCode == HttpStatusCode.OK ? null : $"{uri.AbsolutePath}: {response.StatusCode}";
        }
        catch (Exception exception)
        {
            return $"{uri.AbsolutePath}: {exception}";
        }
    }
}
