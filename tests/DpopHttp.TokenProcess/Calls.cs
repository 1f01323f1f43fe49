using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.TokenProcess;

/// <summary>Calls an API as an application would, with a token that it shares over Redis with those that have the same key file.</summary>
internal static class Calls
{
    /// <summary>Prints "ready" and the key's thumbprint, then for each line "call N" what Outcome says. Ends with its input.</summary>
    public static async Task RunAsync(string resource, string authority, string clientId, string keyFile, string redis, bool isPatient)
    {
        string? nonces = Environment.GetEnvironmentVariable("NONCES");
        ServiceCollection services = new();
        if (isPatient)
        {
            services.AddSingleton<TimeProvider>(new StoppedTimers());
        }

        services.AddStackExchangeRedisCache(options => options.Configuration = redis);
        services.AddHttpClient<ResourceClient>(http => http.BaseAddress = new Uri(resource))
            .AddDpop(options => (options.KeyFile, options.NonceStore) = (keyFile, nonces is null ? null : DpopNonceStore.InFile(nonces)))
            .AddDpopClientCredentials(options =>
            {
                options.Authority = new Uri(authority);
                options.ClientId = clientId;
                options.ClientSecret = Environment.GetEnvironmentVariable("CLIENT_SECRET");
            });
        await using ServiceProvider provider = services.BuildServiceProvider();
        using StreamReader commands = new(Console.OpenStandardInput());
        await using StreamWriter outcomes = new(Console.OpenStandardOutput()) { AutoFlush = true };
        await outcomes.WriteLineAsync($"ready {provider.GetRequiredService<DpopKeyRing>().Get(nameof(ResourceClient)).Thumbprint}");
        while (await commands.ReadLineAsync() is { } command)
        {
            int calls = command.Split(' ') is ["call", string count] ? int.Parse(count, provider: null) : throw new InvalidOperationException($"unknown command: {command}");
            await outcomes.WriteLineAsync((await Outcome.OfAsync(provider, calls)).ToString());
        }
    }
}
