using System.Collections.Concurrent;
using System.Security.Claims;
using DpopHttp.AspNetCore;

// An API behind DPoP that starts alone. Its tokens come from samples/AuthorizationServer, or whatever Authority names.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
ConfigurationManager configuration = builder.Configuration;
string authority = configuration["Authority"]!;

builder.Services.AddAuthentication("Bearer")
    .AddJwtBearer(bearer =>
    {
        bearer.MetadataAddress = $"{authority}/.well-known/oauth-authorization-server";
        bearer.Audience = configuration["Audience"];
        bearer.RequireHttpsMetadata = !authority.StartsWith("http://127.0.0.1:", StringComparison.Ordinal);
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters.ValidTypes = ["at+jwt"];
    })
    .AddDpop(configuration.GetSection("Dpop"));
builder.Services.AddAuthorizationBuilder().AddPolicy("orders", policy => policy.RequireClaim("scope", "orders"));

// Several instances remember used proofs together: --Redis=localhost:6379.
if (configuration["Redis"] is { } redis)
{
    builder.Services.AddDpopRedis(redis);
}

string[] origins = configuration.GetSection("Cors:Origins").Get<string[]>() ?? [];
builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(origins).WithMethods("GET", "POST").WithDpop()));

WebApplication app = builder.Build();
app.UseCors();
app.UseAuthentication();
app.UseAuthorization();

ConcurrentQueue<string> orders = new(["espresso beans"]);
app.MapGet("/orders", () => orders).RequireAuthorization("orders");
app.MapPost("/orders", (Order order) =>
{
    orders.Enqueue(order.Item);
    return Results.Created("/orders", order);
}).RequireAuthorization("orders").RequireDpopNonce();
app.MapGet("/me", (ClaimsPrincipal user) => new { subject = user.FindFirstValue("sub"), thumbprint = user.GetDpopThumbprint() }).RequireDpop();
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"""

    An API behind DPoP, for development.

      address     {string.Join(' ', app.Urls)}
      tokens of   {authority} (dotnet run --project samples/AuthorizationServer)
      audience    {configuration["Audience"]}
      DPoP        {string.Join(", ", configuration.GetSection("Dpop").GetChildren().Select(setting => $"{setting.Key} {setting.Value}"))}
      used proofs {(configuration["Redis"] is null ? "in the memory of this process" : "in Redis")}
      scripts of  {string.Join(' ', origins)}

      GET  /orders   scope orders
      POST /orders   scope orders, and a nonce in every proof; the body is JSON with an item
      GET  /me       any token

    Ctrl+C ends it.
    """));
app.Run();

internal sealed record Order(string Item);
