using DpopHttp.AspNetCore;
using DpopHttp.Verification;
using LoopbackServers.Api;
using LoopbackServers.Hosting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace LoopbackServers;

/// <summary>A small protected API on 127.0.0.1, for samples: orders, behind DPoP with nonces (RFC 9449 sections 7 and 9).</summary>
public sealed class LoopbackApi : IAsyncDisposable
{
    private readonly OrderBook _orders = new();
    private readonly LoopbackApiOptions _options;
    private readonly DpopNonces _nonces;
    private LoopbackHost? _host;

    private LoopbackApi(LoopbackApiOptions options)
    {
        _options = options;
        _nonces = new DpopNonces(options.NonceInterval, options.TimeProvider);
    }

    /// <summary>Where the API is; it ends with a slash.</summary>
    public Uri BaseAddress => _host!.Address;

    /// <summary>Starts an API and fetches the issuer's keys, so that an issuer that isn't there is told now.</summary>
    public static async Task<LoopbackApi> StartAsync(LoopbackApiOptions options)
    {
        LoopbackApi api = new(options);
        api._host = await LoopbackHost.StartAsync("API", 0, options.OnExchange, api.AddServices, api.Map);
        JwtBearerOptions bearer = api._host.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get("Bearer");
        await bearer.ConfigurationManager!.GetConfigurationAsync(CancellationToken.None);
        return api;
    }

    /// <summary>Changes the nonce now, ahead of its interval. The one before stays good for a while.</summary>
    public void RotateNonce() => _nonces.Rotate();

    /// <summary>Stops the API.</summary>
    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    // The token says what may be done, and that is for JwtBearer and the policy; the proof, that the sender is who it was given to.
    private void AddServices(IServiceCollection services)
    {
        services.AddSingleton(_options.TimeProvider);
        services.AddAuthentication("Bearer")
            .AddJwtBearer(bearer =>
            {
                bearer.MetadataAddress = $"{_options.Issuer}/.well-known/oauth-authorization-server";
                bearer.RequireHttpsMetadata = false;
                bearer.MapInboundClaims = false;
                bearer.TokenValidationParameters = new TokenValidationParameters
                {
                    ValidIssuer = _options.Issuer,
                    ValidAudience = _options.Audience,
                    ValidTypes = ["at+jwt"],
                    ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                    LifetimeValidator = (_, expires, _, _) => expires > _options.TimeProvider.GetUtcNow().UtcDateTime,
                };
            })
            .AddDpop(dpop =>
            {
                dpop.Nonces = DpopNonceMode.Required;
                dpop.NonceIssuer = _nonces;
                dpop.OnValidated = validation =>
                {
                    validation.HttpContext.Exchange().Note(validation);
                    return ValueTask.CompletedTask;
                };
            });
        services.AddAuthorizationBuilder().AddDefaultPolicy("orders", policy => policy.RequireAuthenticatedUser().RequireAssertion(
            context => context.User.FindFirst("scope")?.Value.Split(' ').Contains(_options.Scope) == true));
    }

    private void Map(WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders", () => Results.Json(_orders.All)).RequireDpop();
        app.MapGet("/orders/{id:int}", (int id) => _orders.Find(id) is { } order ? Results.Json(order) : Results.NotFound()).RequireDpop();
        app.MapPost("/orders", (NewOrder wanted) =>
        {
            Order order = _orders.Add(wanted.Item, wanted.Quantity);
            return Results.Created($"/orders/{order.Id}", order);
        }).RequireDpop();
    }
}
