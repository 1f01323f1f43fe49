using System.Security.Claims;
using DpopHttp.OpenIdConnect;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using WebApp;

// A web app whose users sign in at samples/SignInServer, and which calls samples/Api with each user's token. It needs the two:
//   dotnet run --project samples/SignInServer
//   dotnet run --project samples/Api -- --Authority=http://127.0.0.1:5305
//   dotnet run --project samples/WebApp
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
ConfigurationManager configuration = builder.Configuration;

builder.Services
    .AddAuthentication(schemes =>
    {
        schemes.DefaultScheme = "cookie";
        schemes.DefaultChallengeScheme = "oidc";
    })
    .AddCookie("cookie")
    .AddOpenIdConnect("oidc", oidc =>
    {
        oidc.Authority = configuration["Authority"];
        oidc.RequireHttpsMetadata = !builder.Environment.IsDevelopment() && !oidc.Authority!.StartsWith("http://127.0.0.1:", StringComparison.Ordinal);
        oidc.ClientId = "orders-web";
        oidc.ClientSecret = configuration["ClientSecret"];
        oidc.ResponseType = "code";
        oidc.ResponseMode = "query";
        oidc.MapInboundClaims = false;
        oidc.TokenValidationParameters.NameClaimType = "name";
        oidc.Scope.Add("offline_access");
        oidc.Scope.Add("orders");
    })
    .AddDpop(dpop => dpop.KeyPerSession = true);
builder.Services.AddAuthorization();
builder.Services.AddAntiforgery();
builder.Services.AddHttpClient<OrdersClient>(http => http.BaseAddress = new Uri(configuration["Api"]!)).AddDpopUserToken();
builder.Services.AddSingleton<Exports>();

WebApplication app = builder.Build();
app.UseDpopSignIn();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();

app.MapGet("/", async (HttpContext context, OrdersClient orders, IAntiforgery antiforgery, Exports exports, CancellationToken cancellation) =>
{
    if (context.User.Identity is not { IsAuthenticated: true, Name: { } user })
    {
        return OrdersPage.Welcome();
    }

    // Three calls at once: however many find the token expired, it is renewed once.
    string[][] lists = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => orders.ListAsync(cancellation)));
    return OrdersPage.Write(user, lists[0], exports.LastOf(user), antiforgery.GetAndStoreTokens(context).RequestToken!);
});
app.MapGet("/sign-in", () => Results.Redirect("/")).RequireAuthorization();
app.MapGet("/orders", (OrdersClient orders, CancellationToken cancellation) => orders.ListAsync(cancellation)).RequireAuthorization();
app.MapPost("/orders", async ([AsParameters] OrderForm form, OrdersClient orders, CancellationToken cancellation) =>
{
    await orders.PlaceAsync(form.Item, cancellation);
    return Results.Redirect("/");
}).RequireAuthorization();

// A job goes on when the request has ended, with the tokens of the user who began it.
app.MapPost("/export", ([AsParameters] EmptyForm _, HttpContext http, Exports exports) =>
{
    exports.Start(http.User.Identity!.Name!, http.GetDpopSession());
    return Results.Redirect("/");
}).RequireAuthorization();
app.MapPost("/sign-out", ([AsParameters] EmptyForm _) =>
    Results.SignOut(new AuthenticationProperties { RedirectUri = "/" }, ["cookie", "oidc"])).RequireAuthorization();
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"A web app for development, at {app.Urls.First()}. Ctrl+C ends it."));
app.Run();
