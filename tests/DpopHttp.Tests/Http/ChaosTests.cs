using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace DpopHttp.Tests.Http;

/// <summary>A server that does at random what servers and networks do; POSTs with ids from 16 tasks. No call ends in a cancellation that nobody asked for.</summary>
public class ChaosTests
{
    private const int Tasks = 16;

    /// <summary>2,000 calls in all; the environment variable DPOP_CHAOS_CALLS asks for more.</summary>
    private static readonly int CallsPerTask = int.Parse(Environment.GetEnvironmentVariable("DPOP_CHAOS_CALLS") ?? "2000", CultureInfo.InvariantCulture) / Tasks;

    [Theory]
    [InlineData("1.1", false, 1)]
    [InlineData("1.1", false, 2)]
    [InlineData("1.1", true, 3)]
    [InlineData("2.0", false, 4)]
    [InlineData("2.0", true, 5)]
    public async Task Nothing_is_acted_on_twice_cut_short_hangs_or_reuses_a_proof(string version, bool retries, int seed)
    {
        ChaosServer chaos = new(seed);
        await using LoopbackServer server = await LoopbackServer.StartAsync(chaos.HandleAsync, version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1);
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
            (client.DefaultRequestVersion, client.DefaultVersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);
            for (int i = 0; i < CallsPerTask; i++)
            {
                string id = $"{task}-{i}";
                try
                {
                    using HttpResponseMessage response = await client.PostAsync(new Uri(server.BaseAddress, $"/{id}"), Body(id, i));
                    outcomes.Add((id, response.StatusCode));
                }
                catch (HttpRequestException)
                {
                    outcomes.Add((id, null));
                }
            }
        })));

        // Not a measurement: a hang would otherwise never end the test.
        await load.WaitAsync(TimeSpan.FromMinutes(Math.Max(15, CallsPerTask / 100)));

        Assert.Equal(Tasks * CallsPerTask, outcomes.Count);
        Assert.Empty(chaos.WrongBodies);
        Assert.Equal(chaos.Jtis.Count, chaos.Jtis.Distinct().Count());
        Assert.True(version == "2.0" || chaos.MostAtOnce <= 2 * Tasks, $"{chaos.MostAtOnce} requests at once.");
        Assert.All(outcomes.Where(o => o.Status == HttpStatusCode.OK), o => Assert.Contains(o.Id, chaos.ActedOn));
        if (!retries)
        {
            Assert.Equal(chaos.ActedOn.Count, chaos.ActedOn.Distinct().Count());
        }

        // The test is worth something only if all of it happened.
        Assert.All((string[])["challenge", "drop before reading", "drop after acting", "error", "delay", "accept"], kind => Assert.True(chaos.Happened.ContainsKey(kind), kind));
        Assert.Contains(outcomes, o => o.Status == HttpStatusCode.OK);
    }

    /// <summary>In turn short and long, and of kinds that can be sent any number of times, once, or of unknown length.</summary>
    private static HttpContent Body(string id, int i)
    {
        string text = ChaosServer.BodyOf(id);
        return (i % 4) switch
        {
            0 => new StringContent(text),
            1 => new StreamContent(new OneShotStream(Encoding.UTF8.GetBytes(text))),
            2 => JsonContent.Create(Once(text)),
            _ => new ByteArrayContent(Encoding.UTF8.GetBytes(text)),
        };
    }

    /// <summary>A sequence that is gone after its first enumeration.</summary>
    private static async IAsyncEnumerable<string> Once(string text)
    {
        await Task.Yield();
        yield return text;
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

        /// <summary>Each seventh is longer than what is kept of a body that can be read once.</summary>
        public static string BodyOf(string id) => $"body of {id}" + new string('x', id.Length % 2 == 0 && id.EndsWith('7') ? 100_000 : 0);

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
                if (body != BodyOf(id) && body != $"[\"{BodyOf(id)}\"]")
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
