using DpopHttp;
using DpopHttp.TokenProcess;
using Microsoft.Extensions.DependencyInjection;

// A process that calls an API as an application would, with a token that it shares over Redis with those that have the same key file.
//   RESOURCE AUTHORITY CLIENT_ID KEY_FILE REDIS     the client secret comes in the environment variable CLIENT_SECRET
// Prints "ready" and the key's thumbprint, then for each line "call N" what Outcome says. Ends with its input.
if (args is not [string resource, string authority, string clientId, string keyFile, string redis])
{
    Console.Error.WriteLine("usage: RESOURCE AUTHORITY CLIENT_ID KEY_FILE REDIS");
    return 2;
}

ServiceCollection services = new();
services.AddStackExchangeRedisCache(options => options.Configuration = redis);
services.AddHttpClient<ResourceClient>(http => http.BaseAddress = new Uri(resource))
    .AddDpop(options => options.KeyFile = keyFile)
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
    if (command.Split(' ') is not ["call", string count] || !int.TryParse(count, out int calls))
    {
        Console.Error.WriteLine($"unknown command: {command}");
        return 2;
    }

    await outcomes.WriteLineAsync((await Outcome.OfAsync(provider, calls)).ToString());
}

return 0;
