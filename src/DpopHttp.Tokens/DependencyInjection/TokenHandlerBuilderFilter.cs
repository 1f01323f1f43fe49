using DpopHttp.Tokens.Http;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens;

/// <summary>Adds the token handler next to the one that makes proofs, inside of everything that sends a request again.</summary>
internal sealed class TokenHandlerBuilderFilter(IOptionsMonitor<TokenRegistration> registrations) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (builder.Name is { } name && registrations.Get(name).Source is { } source && !builder.AdditionalHandlers.OfType<TokenHandler>().Any())
        {
            int place = builder.AdditionalHandlers.ToList().FindIndex(handler => handler is DpopHandler);
            builder.AdditionalHandlers.Insert(place < 0 ? builder.AdditionalHandlers.Count : place, new TokenHandler(source()));
        }
    };
}
