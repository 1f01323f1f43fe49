using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>
/// Adds the handler that gives requests their credentials next to the one that makes proofs: inside of everything that sends a request again, and
/// of everything that logs.
/// </summary>
internal sealed class CredentialHandlerBuilderFilter(IOptionsMonitor<TokenRegistration> registrations) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        TokenRegistration? registration = builder.Name is { } name ? registrations.Get(name) : null;
        if (registration?.CreateHandler?.Invoke() is { } handler)
        {
            int place = builder.AdditionalHandlers.ToList().FindIndex(other => other is DpopHandler);
            builder.AdditionalHandlers.Insert(place < 0 ? builder.AdditionalHandlers.Count : place, handler);
        }

        if (registration?.CreateAttemptHandler?.Invoke() is { } completing)
        {
            // This filter stands before the one that adds the proofs, since that is added first: its work is done last.
            builder.AdditionalHandlers.Add(completing);
        }
    };
}
