using System.Diagnostics.Metrics;
using DpopHttp.Http.Diagnostics;
using DpopHttp.KeyRing;
using DpopHttp.Origins;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>
/// Adds the handler after everything else had its turn, and so innermost. It stands first among the filters: the first one's
/// work after <c>next</c> is done last.
/// </summary>
internal sealed class DpopHandlerBuilderFilter(KeyNames names, KeyHolders holders, OriginRegistry origins, ILogger<DpopHandler> logger, IMeterFactory meters)
    : IHttpMessageHandlerBuilderFilter
{
    private readonly Telemetry _telemetry = new(logger, meters.Create(Telemetry.Name));

    public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
    {
        next(builder);
        string name = builder.Name ?? Options.DefaultName;
        if (names.IsClient(name) && !builder.AdditionalHandlers.OfType<DpopHandler>().Any())
        {
            Client client = holders.RequireClient(name);
            builder.AdditionalHandlers.Add(new DpopHandler(() => client.Settings, origins, _telemetry));
        }
    };
}
