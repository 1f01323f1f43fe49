using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>
/// Applies what is set for all clients. It is registered before the settings of any one, which so come after it whatever the order of calls: as the
/// factory has it for its own.
/// </summary>
internal sealed class DpopDefaultsSetup(IOptions<DpopDefaults> defaults, IServiceProvider services) : IConfigureNamedOptions<DpopOptions>
{
    public void Configure(DpopOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, DpopOptions options) => defaults.Value.Settings.ForEach(set => set(options, services));
}
