using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tests.KeyRing;

/// <summary>A container with clients over one primary handler, and what was logged there.</summary>
internal sealed class RingBench : IAsyncDisposable
{
    public static readonly Uri Api = new("https://api.example.com/orders");

    private readonly StubHandler _stub = new();
    private readonly ServiceProvider _services;

    public RingBench(Action<IServiceCollection> configure, Func<HttpMessageHandler>? primary = null)
    {
        ServiceCollection services = new();
        services.AddFakeLogging();
        configure(services);
        services.ConfigureHttpClientDefaults(b => b.ConfigurePrimaryHttpMessageHandler(() => primary?.Invoke() ?? _stub));
        _services = services.BuildServiceProvider();
        Logs = _services.GetFakeLogCollector();
    }

    public IServiceProvider Services => _services;

    public DpopKeyRing Ring => _services.GetRequiredService<DpopKeyRing>();

    public FakeLogCollector Logs { get; }

    /// <summary>What the stub received.</summary>
    public IReadOnlyList<string?> Proofs => _stub.Proofs;

    public IReadOnlyList<FakeLogRecord> Logged(string name) => [.. Logs.GetSnapshot().Where(r => r.Id.Name == name)];

    public HttpClient Client(string name) => _services.GetRequiredService<IHttpClientFactory>().CreateClient(name);

    /// <summary>Sends a request to the stub, and says whose key it was signed with.</summary>
    public async Task<string> SignerAsync(string client, bool async = true, string? authorization = null)
    {
        using HttpClient http = Client(client);
        using HttpResponseMessage response = await http.GetAsync(Api, async, authorization);
        return SignerOf(_stub.Proofs[^1]);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>The thumbprint of a proof's key, computed by a library that is not ours.</summary>
    public static string SignerOf(string? proof)
    {
        string jwk = DecodedProof.Read(proof).GetHeaderValue<System.Text.Json.JsonElement>("jwk").GetRawText();
        return Base64UrlEncoder.Encode(new JsonWebKey(jwk).ComputeJwkThumbprint());
    }
}
