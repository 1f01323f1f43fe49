using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.DependencyInjection;

/// <summary>
/// Adds the handler that gives requests their users' tokens next to the one that makes proofs: inside of everything that sends a request again, and of
/// everything that logs.
/// </summary>
internal sealed class UserTokenHandlerBuilderFilter(IOptionsMonitor<UserTokenRegistration> registrations) : IHttpMessageHandlerBuilderFilter
{
    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        if (builder.Name is { } name && registrations.Get(name).CreateHandler?.Invoke() is { } handler)
        {
            int place = builder.AdditionalHandlers.ToList().FindIndex(other => other is DpopHandler);
            builder.AdditionalHandlers.Insert(place < 0 ? builder.AdditionalHandlers.Count : place, handler);
        }
    };
}
