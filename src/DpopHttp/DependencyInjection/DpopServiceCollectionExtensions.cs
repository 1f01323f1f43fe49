using DpopHttp;
using DpopHttp.KeyRing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Defines DPoP keys (RFC 9449) that several clients share.</summary>
public static class DpopServiceCollectionExtensions
{
    /// <summary>
    /// Defines a key that clients use by <see cref="DpopOptions.KeyName"/>. The client that is called like the key uses it without saying so. A name
    /// is defined once: by this method, or by what a client of that name says about its own key.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key's name.</param>
    /// <param name="configure">Says where the key comes from. Faults surface when the host starts, else when a client of the key is made.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddDpopKey(this IServiceCollection services, string name, Action<DpopKeyOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Add(services, name).Configure(configure);
        return services;
    }

    /// <inheritdoc cref="AddDpopKey(IServiceCollection, string, Action{DpopKeyOptions})" />
    /// <param name="services">The services.</param>
    /// <param name="name">The key's name.</param>
    /// <param name="configure">Says where the key comes from, with the help of the container's services, such as Data Protection.</param>
    public static IServiceCollection AddDpopKey(this IServiceCollection services, string name, Action<DpopKeyOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Add(services, name).Configure(configure);
        return services;
    }

    /// <inheritdoc cref="AddDpopKey(IServiceCollection, string, Action{DpopKeyOptions})" />
    /// <param name="services">The services.</param>
    /// <param name="name">The key's name.</param>
    /// <param name="section">
    /// Has the keys <c>File</c> and <c>Algorithm</c>. A section that doesn't exist and an unknown key are errors at start-up. A change of the section is
    /// followed; one with faults is logged, and the former key stays in use.
    /// </param>
    public static IServiceCollection AddDpopKey(this IServiceCollection services, string name, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Add(services, name).Configure(options => DpopKeyOptionsSection.Apply(section, options));
        services.AddSingleton<IOptionsChangeTokenSource<DpopKeyOptions>>(new ConfigurationChangeTokenSource<DpopKeyOptions>(name, section));
        return services;
    }

    private static OptionsBuilder<DpopKeyOptions> Add(IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        DpopServices.AddTo(services);
        services.AddSingleton(new KeyRegistration(name));
        return services.AddOptions<DpopKeyOptions>(name).ValidateOnStart();
    }
}
