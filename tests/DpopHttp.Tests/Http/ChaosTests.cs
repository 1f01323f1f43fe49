using System.Collections.Concurrent;
using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace DpopHttp.Tests.Http;

/// <summary>A server that does at random what servers and networks do; POSTs with ids from 16 tasks.</summary>
public class ChaosTests
{
    private const int Tasks = 16;
    private const int CallsPerTask = 125;

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public async Task Nothing_is_acted_on_twice_hangs_or_reuses_a_proof(bool retries, int seed)
    {
        ChaosServer chaos = new(seed);
        await using LoopbackServer server = await LoopbackServer.StartAsync(chaos.HandleAsync);
        ServiceCollection services = new();
        IHttpClientBuilder builder = services.AddHttpClient("api").AddDpop();
        builder.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { MaxConnectionsPerServer = Tasks });
        if (retries)
        {
            builder.AddResilienceHandler("retry", p => p.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 2, Delay = TimeSpan.Zero, BackoffType = DelayBackoffType.Constant }));
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();
        ConcurrentBag<(string Id, HttpStatusCode? Status)> outcomes = [];
        Task load = Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => Task.Run(async () =>
        {
            using HttpClient client = factory.CreateClient("api");
            client.DefaultRequestHeaders.Authorization = new("DPoP", "opaque");
            for (int i = 0; i < CallsPerTask; i++)
            {
                string id = $"{task}-{i}";
                try
                {
                    using HttpResponseMessage response = await client.PostAsync(new Uri(server.BaseAddress, $"/{id}"), new StringContent($"body of {id}"));
                    outcomes.Add((id, response.StatusCode));
                }
                catch (HttpRequestException)
                {
                    outcomes.Add((id, null));
                }
            }
        })));

        // Not a measurement: a hang would otherwise never end the test.
        await load.WaitAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(Tasks * CallsPerTask, outcomes.Count);
        Assert.Empty(chaos.WrongBodies);
        Assert.Equal(chaos.Jtis.Count, chaos.Jtis.Distinct().Count());
        Assert.InRange(chaos.MostAtOnce, 1, Tasks);
        Assert.All(outcomes.Where(o => o.Status == HttpStatusCode.OK), o => Assert.Contains(o.Id, chaos.ActedOn));
        if (!retries)
        {
            Assert.Equal(chaos.ActedOn.Count, chaos.ActedOn.Distinct().Count());
        }

        // The test is worth something only if all of it happened.
        Assert.All((string[])["challenge", "drop before reading", "drop after acting", "error", "delay", "accept"], kind => Assert.True(chaos.Happened.ContainsKey(kind), kind));
        Assert.Contains(outcomes, o => o.Status == HttpStatusCode.OK);
    }

    private sealed class ChaosServer(int seed)
    {
        private readonly ConcurrentDictionary<string, bool> _connections = new();
        private readonly ConcurrentDictionary<string, bool> _nonces = new();
        private readonly Lock _gate = new();
        private readonly Random _random = new(seed);
        private int _nonceCount;

        public ConcurrentBag<string> ActedOn { get; } = [];

        public ConcurrentBag<string> Jtis { get; } = [];

        public ConcurrentBag<string> WrongBodies { get; } = [];

        public ConcurrentDictionary<string, bool> Happened { get; } = new();

        public int MostAtOnce { get; private set; }

        public async Task HandleAsync(HttpContext context)
        {
            string id = context.Request.Path.Value![1..];
            string proof = context.Request.Headers["DPoP"].Single()!;
            Jtis.Add(DecodedProof.Jti(proof));
            Enter(context);
            try
            {
                switch (Dice())
                {
                    case < 5:
                        Happened["drop before reading"] = true;
                        context.Abort();
                        return;
                    case < 15:
                        Happened["delay"] = true;
                        await Task.Delay(5);
                        break;
                }

                using StreamReader reader = new(context.Request.Body);
                string body = await reader.ReadToEndAsync();
                if (body != $"body of {id}")
                {
                    WrongBodies.Add($"{id}: {body}");
                }

                string? nonce = DecodedProof.Nonce(proof);
                bool isKnown = nonce is not null && _nonces.ContainsKey(nonce);
                if (!isKnown || Dice() < 15)
                {
                    Happened["challenge"] = true;
                    context.Response.StatusCode = 401;
                    context.Response.Headers["DPoP-Nonce"] = NewNonce();
                    return;
                }

                Act(context, id);
            }
            finally
            {
                _connections.TryRemove(context.TraceIdentifier, out _);
            }
        }

        private void Act(HttpContext context, string id)
        {
            switch (Dice())
            {
                case < 10:
                    Happened["error"] = true;
                    context.Response.StatusCode = 503;
                    context.Response.Headers["DPoP-Nonce"] = NewNonce();
                    return;
                case < 15:
                    Happened["drop after acting"] = true;
                    ActedOn.Add(id);
                    context.Abort();
                    return;
                case < 45:
                    context.Response.Headers["DPoP-Nonce"] = NewNonce();
                    break;
            }

            Happened["accept"] = true;
            ActedOn.Add(id);
        }

        private void Enter(HttpContext context)
        {
            lock (_gate)
            {
                _connections[context.TraceIdentifier] = true;
                MostAtOnce = Math.Max(MostAtOnce, _connections.Count);
            }
        }

        private string NewNonce()
        {
            string nonce = $"n{Interlocked.Increment(ref _nonceCount)}";
            _nonces[nonce] = true;
            return nonce;
        }

        private int Dice()
        {
            lock (_gate)
            {
                return _random.Next(100);
            }
        }
    }
}
