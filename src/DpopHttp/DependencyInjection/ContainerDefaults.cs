using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>Gives clients the container's clock and store of nonces where they name none.</summary>
internal sealed class ContainerDefaults(IServiceProvider services) : IPostConfigureOptions<DpopOptions>
{
    public void PostConfigure(string? name, DpopOptions options)
    {
        options.TimeProvider ??= services.GetService<TimeProvider>();
        options.NonceStore ??= services.GetService<DpopNonceStore>();
    }
}
