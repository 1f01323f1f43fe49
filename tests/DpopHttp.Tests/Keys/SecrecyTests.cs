using System.Text.Json;
using DpopHttp.Tests.Keys.Files;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tests.Keys;

/// <summary>The private part of a key, and the passphrase of its file, are in nothing that gets printed, serialized, logged or watched.</summary>
public class SecrecyTests(KeyHolders holders) : IClassFixture<KeyHolders>
{
    /// <summary>Enough said: they hold no key.</summary>
    private static readonly Type[] KeylessTypes = [typeof(BearerTokenHandling), typeof(DpopAsBearerHandler), typeof(DpopChallenge), typeof(DpopNonceStore), typeof(DpopProofBuilder)];

    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    [Fact]
    public void Every_public_type_that_can_be_made_is_looked_at_here()
    {
        Type[] types = [.. typeof(DpopKey).Assembly.GetExportedTypes().Where(type => !(type.IsAbstract && type.IsSealed) && !type.IsNested).Except(KeylessTypes)];
        Assert.Contains(typeof(DpopKeyFile), types);
        Assert.All(types, type => Assert.Contains(holders.All, type.IsInstanceOfType));
    }

    [Fact]
    public void No_text_of_an_object_shows_a_secret()
    {
        Assert.All(holders.All, holder => KeySecrets.AssertNotIn(holder.ToString()!, holders.Secrets));
    }

    [Fact]
    public void No_debugger_shows_a_secret()
    {
        Assert.All(holders.All, holder => KeySecrets.AssertNotIn(DebuggerView.Of(holder), holders.Secrets));

        // The view does go into things.
        DpopKeyRing ring = holders.All.OfType<DpopKeyRing>().Single();
        Assert.Contains(ring.Get("process").Thumbprint, DebuggerView.Of(ring), StringComparison.Ordinal);
        Assert.Contains("_former", DebuggerView.Of(ring), StringComparison.Ordinal);
    }

    [Fact]
    public void No_serialized_object_shows_a_secret()
    {
        foreach (object holder in holders.All)
        {
            foreach (bool includeFields in (bool[])[false, true])
            {
                KeySecrets.AssertNotIn(Serialize(holder, includeFields), holders.Secrets);
            }
        }

        Assert.Contains(holders.All, holder => Serialize(holder, includeFields: true).Contains("\"Thumbprint\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_log_of_making_opening_rotating_and_failing_shows_a_secret()
    {
        using KeyDirectory directory = new();
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Dpop:KeyFile"] = directory.Key,
            ["Passphrase"] = KeyHolders.Passphrase,
        }).Build();
        ServiceCollection services = new();
        services.AddFakeLogging(o => o.FilteredLevels = new HashSet<LogLevel>()).AddLogging(l => l.SetMinimumLevel(LogLevel.Trace));
        services.AddHttpClient("file").AddDpop(configuration.GetSection("Dpop"))
            .AddDpop(options => options.KeyFileProtection = DpopKeyProtection.FromPassphrase(configuration["Passphrase"]!))
            .ConfigurePrimaryHttpMessageHandler(() => new StubHandler());
        services.AddHttpClient("process").AddDpop();
        services.AddHttpClient("damaged").AddDpop(options => options.KeyFile = directory["damaged"]);
        await using ServiceProvider provider = services.BuildServiceProvider();
        DpopKeyRing ring = provider.GetRequiredService<DpopKeyRing>();
        List<string> secrets = [KeyHolders.Passphrase, "another secret", .. new[] { ring.Get("file"), ring.Rotate("file"), ring.Get("process"), ring.Rotate("process") }.SelectMany(KeySecrets.Of)];
        directory.Place("damaged", System.Text.Encoding.UTF8.GetBytes(ring.Get("process").ExportPrivateJwk()[..^1]));

        await SendAsync(provider, "file");
        await Assert.ThrowsAsync<DpopException>(() => SendAsync(provider, "damaged"));
        configuration["Passphrase"] = "another secret";
        configuration.Reload();
        await SendAsync(provider, "file");

        IReadOnlyList<FakeLogRecord> records = provider.GetFakeLogCollector().GetSnapshot();
        Assert.Superset(new HashSet<string?> { "KeyMade", "KeyFileMade", "KeyChanged", "KeyChangeFailed", "NotSent" }, records.Select(r => r.Id.Name).ToHashSet());
        Assert.All(records, record => KeySecrets.AssertNotIn(
            record.Message + string.Concat(record.StructuredState?.Select(s => s.Key + s.Value) ?? []) + string.Concat(record.Scopes) + record.Exception, secrets));
    }

    private static string Serialize(object holder, bool includeFields)
    {
        try
        {
            return JsonSerializer.Serialize(holder, holder.GetType(), includeFields ? WithFields : JsonSerializerOptions.Default);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or InvalidOperationException)
        {
            return exception.ToString();
        }
    }

    private static async Task SendAsync(IServiceProvider services, string name)
    {
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient(name);
        client.DefaultRequestHeaders.Authorization = new("DPoP", "opaque");
        using HttpResponseMessage response = await client.GetAsync(new Uri("https://api.example.com/orders"));
    }
}
