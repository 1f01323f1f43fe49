using System.Collections.Concurrent;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using LoopbackServers;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>An authorization server, an API and a Redis, for clients that share tokens, and what the two servers have seen.</summary>
internal sealed class SharingSite : IAsyncDisposable
{
    private readonly ConcurrentQueue<LoopbackExchange> _exchanges = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private SharingSite(RedisServer redis) => Redis = redis;

    public RedisServer Redis { get; }

    public LoopbackAuthorizationServer AuthorizationServer { get; private set; } = null!;

    public LoopbackApi Api { get; private set; } = null!;

    /// <summary>How many tokens were given so far.</summary>
    public int TokenRequests => _exchanges.Count(e => e is { Method: "POST", Path: "/token", Status: 200 });

    /// <summary>Method, path and status of all that came so far.</summary>
    public string[] Arrived => [.. _exchanges.Select(e => $"{e.Method} {e.Path} {e.Status}")];

    public static async Task<SharingSite> StartAsync(TimeSpan? tokenLifetime = null)
    {
        SharingSite site = new(await RedisServer.StartAsync());
        try
        {
            site.AuthorizationServer = await LoopbackAuthorizationServer.StartAsync(
                new() { TokenLifetime = tokenLifetime ?? TimeSpan.FromMinutes(5), OnExchange = site._exchanges.Enqueue });
            site.Api = await LoopbackApi.StartAsync(new() { Issuer = site.AuthorizationServer.Issuer, OnExchange = site._exchanges.Enqueue });
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public string KeyFile(string name = "key.jwk") => Path.Combine(_folder.FullName, name);

    /// <summary>The tokens that the API has accepted at a path, each once, in the order of their first use.</summary>
    public string[] TokensAt(string path) =>
        [.. _exchanges.Where(e => e.Server == "API" && e.Path == "/" + path && e.Status == 200).Select(e => e.AccessToken!).Distinct()];

    /// <summary>A process of its own, that calls the API at a path by which it can be told from others.</summary>
    /// <param name="path">The path.</param>
    /// <param name="keyFile">The file of its key.</param>
    /// <param name="nonces">The file of its nonces, if they are to outlive it.</param>
    /// <param name="isPatient">Whether it waits for Redis as long as it takes, for tests in which Redis does not fail.</param>
    public Task<OtherProcess> StartProcessAsync(string path, string? keyFile = null, string? nonces = null, bool isPatient = true) => OtherProcess.StartAsync(
        [
            isPatient ? "call-patiently" : "call",
            new Uri(Api.BaseAddress, path).AbsoluteUri,
            AuthorizationServer.Issuer,
            AuthorizationServer.ClientId,
            keyFile ?? KeyFile(),
            isPatient ? Redis.PatientConfiguration : Redis.Configuration,
        ],
        AuthorizationServer.ClientSecret,
        nonces);

    /// <summary>An instance of an application within this process; nothing is shared with another but the key file and Redis.</summary>
    public ServiceProvider StartInstance(string? keyFile = null, Action<IServiceCollection>? configure = null, bool isPatient = true)
    {
        ServiceCollection services = new();
        configure?.Invoke(services);
        if (isPatient)
        {
            services.AddSingleton<TimeProvider>(new StoppedTimers());
        }

        services.AddStackExchangeRedisCache(options => options.Configuration = isPatient ? Redis.PatientConfiguration : Redis.Configuration);
        services.AddHttpClient("orders", http => http.BaseAddress = Api.BaseAddress)
            .AddDpop(options => options.KeyFile = keyFile ?? KeyFile())
            .AddDpopClientCredentials(options =>
            {
                options.Authority = new Uri(AuthorizationServer.Issuer);
                options.ClientId = AuthorizationServer.ClientId;
                options.ClientSecret = AuthorizationServer.ClientSecret;
            });
        return services.BuildServiceProvider();
    }

    /// <summary>A new instance makes one call, which must go well, and ends.</summary>
    public async Task CallOnceAsync(string? keyFile = null, Action<IServiceCollection>? configure = null, bool isPatient = true)
    {
        await using ServiceProvider instance = StartInstance(keyFile, configure, isPatient);
        using HttpClient client = instance.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        using HttpResponseMessage response = await client.GetAsync("orders");
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        if (Api is not null)
        {
            await Api.DisposeAsync();
        }

        if (AuthorizationServer is not null)
        {
            await AuthorizationServer.DisposeAsync();
        }

        await Redis.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
