using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>Gives clients the container's clock where they name none.</summary>
internal sealed class ContainerClock(IServiceProvider services) : IPostConfigureOptions<DpopOptions>
{
    public void PostConfigure(string? name, DpopOptions options) => options.TimeProvider ??= services.GetService<TimeProvider>();
}
