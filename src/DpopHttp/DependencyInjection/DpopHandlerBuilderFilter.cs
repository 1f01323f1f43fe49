using System.Diagnostics.Metrics;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>
/// Adds the handler after everything else had its turn, and so innermost. It stands first among the filters: the first one's
/// work after <c>next</c> is done last.
/// </summary>
internal sealed class DpopHandlerBuilderFilter(
    IOptionsMonitor<DpopRegistration> registrations,
    IOptionsMonitor<DpopOptions> options,
    DpopKeyRing keys,
    ILogger<DpopHandler> logger,
    IMeterFactory meters) : IHttpMessageHandlerBuilderFilter
{
    private readonly Telemetry _telemetry = new(logger, meters.Create(Telemetry.Name));

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        string name = builder.Name ?? Options.DefaultName;
        if (registrations.Get(name).Enabled && !builder.AdditionalHandlers.OfType<DpopHandler>().Any())
        {
            builder.AdditionalHandlers.Add(CreateHandler(name));
        }
    };

    private DpopHandler CreateHandler(string name) => new(() => keys.Get(name), options.Get(name), _telemetry);
}
