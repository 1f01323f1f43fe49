using System.Net;
using DpopHttp.AspNetCore;
using DpopHttp.Redis;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using StackExchange.Redis;

// One instance of an API, for tests of several: [where Redis is], and "patient" if a busy machine is not to make it refuse a request because
// Redis took more than a second; TOKEN_KEY is what access tokens are signed with. It prints its address, and whatever it logs as an error, and
// ends with its input.
WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter((_, level) => level >= LogLevel.Error);
builder.Services.AddRoutingCore();
builder.Services.AddAuthorization();
if (args is [_, "patient"])
{
    ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync($"{args[0]},connectTimeout=60000,asyncTimeout=60000");
    builder.Services.AddSingleton<DpopReplayStore>(new DpopRedisReplayStore(redis, timeout: TimeSpan.FromMinutes(1)));
}

builder.Services.AddDpopRedis(args[0]);
builder.Services.AddAuthentication("Bearer")
    .AddJwtBearer(bearer => bearer.TokenValidationParameters = new TokenValidationParameters
    {
        ValidIssuer = "tests",
        ValidAudience = "orders-api",
        IssuerSigningKey = new SymmetricSecurityKey(Convert.FromHexString(Environment.GetEnvironmentVariable("TOKEN_KEY")!)),
    })
    .AddDpop(options =>
    {
        options.PublicOrigin = new Uri("https://api.example.com");
        options.Replay = DpopReplayDetection.Shared;

        // So that a slow machine refuses no proof for its age.
        options.ProofLifetime = TimeSpan.FromMinutes(10);
    });

await using WebApplication app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/orders", () => "orders").RequireAuthorization();
await app.StartAsync();
Console.WriteLine($"ready {app.Urls.Single()}");
while (await Console.In.ReadLineAsync() is not null)
{
    // Its end is the sign to stop.
}

await app.StopAsync();
