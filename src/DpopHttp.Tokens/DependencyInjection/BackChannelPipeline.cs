using DpopHttp.Shared;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>
/// Keeps the resilience handlers of all clients from those that ask for tokens, which have attempts of their own. It stands behind the setups of all clients, and before what the
/// user adds to one by ConfigureDpopBackChannel.
/// </summary>
internal sealed class BackChannelPipeline(IOptionsMonitor<TokenRegistration> registrations) : IConfigureNamedOptions<HttpClientFactoryOptions>
{
    public void Configure(string? name, HttpClientFactoryOptions options)
    {
        if (name is not null && registrations.Get(name).IsBackChannel)
        {
            options.HttpMessageHandlerBuilderActions.Add(static builder => ResilienceHandlers.Remove(builder.AdditionalHandlers));
        }
    }

    public void Configure(HttpClientFactoryOptions options) => Configure(Options.DefaultName, options);
}
