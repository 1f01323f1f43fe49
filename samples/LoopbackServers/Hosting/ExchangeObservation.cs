using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;

namespace LoopbackServers.Hosting;

/// <summary>The outermost middleware: gives each request a <see cref="LoopbackExchange"/> to fill in, then hands it over.</summary>
internal sealed class ExchangeObservation(string server, Action<LoopbackExchange>? onExchange, RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        LoopbackExchange exchange = new(server, context.Request.Method, context.Request.Path.ToUriComponent())
        {
            Proof = context.Request.Headers["DPoP"],
        };
        if (AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out AuthenticationHeaderValue? authorization))
        {
            exchange.Scheme = authorization.Scheme;
            exchange.AccessToken = authorization.Scheme == "Basic" ? null : authorization.Parameter;
        }

        context.Features.Set(exchange);

        // Before the answer leaves: whoever has the answer can rely on the exchange being noted.
        context.Response.OnStarting(() =>
        {
            // RFC 9449 section 8.2: a nonce, like a token, must not come out of a cache.
            context.Response.Headers.CacheControl = "no-store";
            exchange.NonceGiven = context.Response.Headers["DPoP-Nonce"];
            exchange.Status = context.Response.StatusCode;
            onExchange?.Invoke(exchange);
            return Task.CompletedTask;
        });
        return next(context);
    }
}
