using System.Collections.Concurrent;
using System.Net;
using DpopHttp.KeyRing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tests.KeyRing;

/// <summary>Options come into force together, or not at all, for a client that is in use.</summary>
public class ReloadAsAWholeTests
{
    private static readonly Uri Other = new("https://other.example.com/orders");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Valid_options_come_into_force_at_the_next_request_all_of_them(bool async)
    {
        using KeyDirectory directory = new();
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["one"]), ("Dpop:AllowedOrigins", "https://api.example.com"));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()));
        using HttpClient client = bench.Client("api");
        using HttpResponseMessage first = await client.GetAsync(RingBench.Api, async);
        await AssertRefusedAsync(DpopErrorCodes.OriginNotAllowed, () => client.GetAsync(Other, async));

        settings.Change(("Dpop:KeyFile", directory["two"]), ("Dpop:AllowedOrigins", "https://other.example.com"), ("Dpop:BearerTokens", "Reject"));
        await AssertRefusedAsync(DpopErrorCodes.OriginNotAllowed, () => client.GetAsync(RingBench.Api, async));
        await AssertRefusedAsync(DpopErrorCodes.BearerRejected, () => client.GetAsync(Other, async, "Bearer token"));
        using HttpResponseMessage second = await client.GetAsync(Other, async);
        using DpopKey two = new DpopKeyFile(directory["two"]).Open();
        Assert.Equal(two.Thumbprint, RingBench.SignerOf(bench.Proofs[^1]));
        Assert.Equal(2, bench.Proofs.Count);
        Assert.Equal("Reject", bench.Services.GetRequiredService<IOptionsMonitor<DpopOptions>>().Get("api").BearerTokens.ToString());
    }

    [Theory]
    [InlineData("Dpop:KeyFile", "broken", "KeyChangeFailed")]
    [InlineData("Dpop:BearerTokens", "Upgarde", "OptionsRefused")]
    [InlineData("Dpop:BeraerTokens", "Upgrade", "OptionsRefused")]
    [InlineData("Dpop:KeyName", "nobodys", "OptionsRefused")]
    public async Task Of_faulty_options_none_comes_into_force(string key, string value, string logged)
    {
        using KeyDirectory directory = new();
        directory.Break("broken");
        ReloadableSettings settings = new(("Dpop:KeyFile", directory["one"]), ("Dpop:AllowedOrigins", "https://api.example.com"));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()));
        using HttpClient client = bench.Client("api");
        using HttpResponseMessage first = await client.GetAsync(RingBench.Api);
        settings.Change((key, key == "Dpop:KeyFile" ? directory[value] : value), ("Dpop:AllowedOrigins", "https://other.example.com"));
        using HttpResponseMessage second = await client.GetAsync(RingBench.Api);
        await AssertRefusedAsync(DpopErrorCodes.OriginNotAllowed, () => client.GetAsync(Other));
        Assert.Equal(LogLevel.Error, Assert.Single(bench.Logged(logged)).Level);
        Assert.Equal(new Uri("https://api.example.com"), Assert.Single(bench.Services.GetRequiredService<IOptionsMonitor<DpopOptions>>().Get("api").AllowedOrigins));

        settings.Change((key, key == "Dpop:KeyFile" ? directory["two"] : null));
        using HttpResponseMessage third = await client.GetAsync(Other);
        await AssertRefusedAsync(DpopErrorCodes.OriginNotAllowed, () => client.GetAsync(RingBench.Api));
    }

    [Fact]
    public async Task A_handler_that_is_made_while_the_options_have_faults_goes_by_the_last_good_ones_and_later_by_the_corrected()
    {
        ReloadableSettings settings = new(("Dpop:AllowedOrigins", "https://api.example.com"));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()).SetHandlerLifetime(TimeSpan.FromSeconds(1)));
        IHttpMessageHandlerFactory factory = bench.Services.GetRequiredService<IHttpMessageHandlerFactory>();
        string before = await bench.SignerAsync("api");
        HttpMessageHandler first = factory.CreateHandler("api");
        settings.Change(("Dpop:AllowedOrigins", "https://api.example.com/path"));

        // The factory's expiry takes no clock from outside.
        for (int i = 0; i < 100 && ReferenceEquals(first, factory.CreateHandler("api")); i++)
        {
            await Task.Delay(100);
        }

        Assert.NotSame(first, factory.CreateHandler("api"));
        Assert.Equal(before, await bench.SignerAsync("api"));
        settings.Change(("Dpop:AllowedOrigins", "https://other.example.com"));
        await AssertRefusedAsync(DpopErrorCodes.OriginNotAllowed, () => bench.SignerAsync("api"));
    }

    [Fact]
    public async Task No_request_sees_the_key_of_one_reading_and_the_origins_of_another()
    {
        using DpopKey one = DpopKey.Generate();
        using DpopKey two = DpopKey.Generate();
        ReloadableSettings settings = new(("Dpop:AllowedOrigins", "https://one.example.com"));
        ConcurrentQueue<string> problems = [];
        using SemaphoreSlim answered = new(0);
        StubHandler stub = new(request =>
        {
            string expected = request.RequestUri!.Host.StartsWith("one", StringComparison.Ordinal) ? one.Thumbprint : two.Thumbprint;
            if (RingBench.SignerOf(request.Headers.GetValues("DPoP").Single()) != expected)
            {
                problems.Enqueue($"{request.RequestUri} with the other key");
            }

            answered.Release();
            return new HttpResponseMessage(HttpStatusCode.OK);
        });
        await using RingBench bench = new(
            s => s.AddHttpClient("api").AddDpop(settings.Section()).AddDpop(o => o.Key = o.AllowedOrigins.Single().Host.StartsWith("one", StringComparison.Ordinal) ? one : two),
            () => stub);
        using HttpClient client = bench.Client("api");
        using CancellationTokenSource stop = new();
        Task[] senders = [.. new[] { "one", "two" }.Select(host => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using HttpResponseMessage response = await client.GetAsync(new Uri($"https://{host}.example.com/"));
                }
                catch (DpopException exception) when (exception.Code == DpopErrorCodes.OriginNotAllowed)
                {
                    // The other one's turn.
                }
            }
        }))];
        for (int i = 0; i < 500; i++)
        {
            settings.Change(("Dpop:AllowedOrigins", (i & 1) == 0 ? "https://two.example.com" : "https://one.example.com"));
            await answered.WaitAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(senders);
        Assert.Empty(problems);
    }

    [Fact]
    public async Task What_a_request_began_with_stays_together()
    {
        using DpopKey one = DpopKey.Generate();
        using DpopKey two = DpopKey.Generate();
        ReloadableSettings settings = new(("Dpop:BearerTokens", "Allow"));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()).AddDpop(o => o.Key = o.BearerTokens == BearerTokenHandling.Allow ? one : two));
        Client client = bench.Services.GetRequiredService<KeyHolders>().RequireClient("api");
        ClientSettings before = client.Settings;
        Assert.Same(before, client.Settings);
        settings.Change(("Dpop:BearerTokens", "Reject"));
        ClientSettings after = client.Settings;
        Assert.Equal((BearerTokenHandling.Allow, one), (before.Options.BearerTokens, before.Key));
        Assert.Equal((BearerTokenHandling.Reject, two), (after.Options.BearerTokens, after.Key));
    }

    [Fact]
    public async Task Those_that_listen_to_the_options_hear_of_good_ones_only()
    {
        ReloadableSettings settings = new(("Dpop:KeyAlgorithm", "ES256"));
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(settings.Section()));
        IOptionsMonitor<DpopOptions> monitor = bench.Services.GetRequiredService<IOptionsMonitor<DpopOptions>>();
        _ = monitor.Get("api");
        List<string?> heard = [];
        using (monitor.OnChange((options, name) => heard.Add($"{name} {options.KeyAlgorithm}")))
        {
            settings.Change(("Dpop:KeyAlgorithm", "none"));
            settings.Change(("Dpop:KeyAlgorithm", "ES384"));
        }

        settings.Change(("Dpop:KeyAlgorithm", "ES512"));
        Assert.Equal(["api ES384"], heard);
        Assert.Equal("ES512", monitor.Get("api").KeyAlgorithm);
    }

    private static async Task AssertRefusedAsync(string code, Func<Task> send) => Assert.Equal(code, (await Assert.ThrowsAsync<DpopException>(send)).Code);
}
