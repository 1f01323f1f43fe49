using LoopbackServers.Api;
using LoopbackServers.Hosting;
using LoopbackServers.Proofs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LoopbackServers;

/// <summary>A small protected API on 127.0.0.1, for samples: orders, behind DPoP with nonces (RFC 9449 sections 7 and 9).</summary>
public sealed class LoopbackApi : IAsyncDisposable
{
    private readonly OrderBook _orders = new();
    private readonly ProofDesk _proofs;
    private readonly DpopGate _gate;
    private LoopbackHost? _host;

    private LoopbackApi(AccessTokenValidator tokens, ProofDesk proofs)
    {
        _proofs = proofs;
        _gate = new DpopGate(tokens, proofs);
    }

    /// <summary>Where the API is; it ends with a slash.</summary>
    public Uri BaseAddress => _host!.Address;

    /// <summary>Fetches the issuer's keys and starts an API.</summary>
    public static async Task<LoopbackApi> StartAsync(LoopbackApiOptions options)
    {
        AccessTokenValidator tokens = new(options, await IssuerKeys.FetchAsync(options.Issuer));
        LoopbackApi api = new(tokens, new ProofDesk(options.NonceInterval, options.TimeProvider));
        api._host = await LoopbackHost.StartAsync("API", options.OnExchange, api.Map);
        return api;
    }

    /// <summary>Changes the nonce now, ahead of its interval.</summary>
    public void RotateNonce() => _proofs.RotateNonce();

    /// <summary>Stops the API.</summary>
    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    private void Map(WebApplication app)
    {
        app.Use(next => context => _gate.InvokeAsync(context, next));
        app.MapGet("/orders", () => Results.Json(_orders.All));
        app.MapGet("/orders/{id:int}", (int id) => _orders.Find(id) is { } order ? Results.Json(order) : Results.NotFound());
        app.MapPost("/orders", (NewOrder wanted) =>
        {
            Order order = _orders.Add(wanted.Item, wanted.Quantity);
            return Results.Created($"/orders/{order.Id}", order);
        });
    }
}
