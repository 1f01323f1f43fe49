using LoopbackServers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders;
using Worker;

// Tokens and nonces that change fast, so that a minute shows what otherwise takes a day.
Tally tally = new();
await using var authorizationServer = await LoopbackAuthorizationServer.StartAsync(new()
{
    TokenLifetime = TimeSpan.FromSeconds(8),
    NonceInterval = TimeSpan.FromSeconds(5),
    OnExchange = tally.NoteAuthorizationServer,
});
await using var api = await LoopbackApi.StartAsync(new()
{
    Issuer = authorizationServer.Issuer,
    NonceInterval = TimeSpan.FromSeconds(3),
    OnExchange = tally.NoteApi,
});

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSingleton(tally);
builder.Services.AddHostedService<OrderWatch>();

// The two lines: the typed client, and where its tokens come from. A service with tokens that outlive it adds
// .AddDpop(options => options.KeyFile = "...") to keep its key as well.
builder.Services.AddHttpClient<OrdersClient>(http => http.BaseAddress = api.BaseAddress)
    .AddDpopClientCredentials(options =>
    {
        options.Authority = new Uri(authorizationServer.Issuer);
        options.ClientId = authorizationServer.ClientId;
        options.ClientSecret = authorizationServer.ClientSecret;
        options.Scope = "orders";
    });

Console.WriteLine("Watching orders; Ctrl+C or SIGTERM ends it.");
await builder.Build().RunAsync();
Console.WriteLine($"Ended: {tally}");
return tally.Failed == 0 ? 0 : 1;
