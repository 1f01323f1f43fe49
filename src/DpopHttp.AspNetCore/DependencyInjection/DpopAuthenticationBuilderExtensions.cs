using System.Diagnostics.Metrics;
using DpopHttp.AspNetCore;
using DpopHttp.Tokens.DependencyInjection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds DPoP (RFC 9449) to authentication schemes that validate access tokens.</summary>
public static class DpopAuthenticationBuilderExtensions
{
    /// <summary>The scheme that is meant when none is named: "Bearer", as <c>AddJwtBearer</c> names its own.</summary>
    public const string DefaultScheme = "Bearer";

    /// <summary>
    /// Demands a DPoP proof with each access token of the scheme "Bearer". The scheme goes on validating tokens and making principals: its
    /// options, its events and policies that name it work as before. The scheme may be added before or after. Calling this again for the
    /// same scheme adds to its options only.
    /// </summary>
    /// <param name="builder">The authentication builder.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static AuthenticationBuilder AddDpop(this AuthenticationBuilder builder) => builder.AddDpop(DefaultScheme, _ => { });

    /// <inheritdoc cref="AddDpop(AuthenticationBuilder)"/>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="configure">Sets the options. Faults in them are errors when the host starts.</param>
    public static AuthenticationBuilder AddDpop(this AuthenticationBuilder builder, Action<DpopAuthenticationOptions> configure) =>
        builder.AddDpop(DefaultScheme, configure);

    /// <inheritdoc cref="AddDpop(AuthenticationBuilder)"/>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="section">
    /// Its keys are the names of the properties of <see cref="DpopAuthenticationOptions"/>. A section that is missing and an unknown key are
    /// errors when the host starts. A change of the section comes into force with the next request; if it has faults, the options from before stay in
    /// force and an error is logged.
    /// </param>
    public static AuthenticationBuilder AddDpop(this AuthenticationBuilder builder, IConfigurationSection section) =>
        builder.AddDpop(DefaultScheme, section);

    /// <summary>
    /// Demands a DPoP proof with each access token of a scheme: of <c>AddJwtBearer</c>, of an introspection handler, or of any other whose
    /// principal has a <c>cnf</c> claim with the <c>jkt</c> of the token's key. The scheme goes on validating tokens and making principals.
    /// </summary>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="scheme">The name of the scheme.</param>
    /// <param name="configure">Sets the options. Faults in them are errors when the host starts.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="scheme"/> is empty.</exception>
    public static AuthenticationBuilder AddDpop(this AuthenticationBuilder builder, string scheme, Action<DpopAuthenticationOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        ArgumentNullException.ThrowIfNull(configure);
        AddServices(builder.Services);
        builder.Services.AddSingleton(new ProtectedSchemeName(scheme));
        builder.Services.AddOptions<DpopAuthenticationOptions>(scheme).Configure(configure).ValidateOnStart();
        return builder;
    }

    /// <inheritdoc cref="AddDpop(AuthenticationBuilder, string, Action{DpopAuthenticationOptions})"/>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="scheme">The name of the scheme.</param>
    /// <param name="section">
    /// Its keys are the names of the properties of <see cref="DpopAuthenticationOptions"/>. A section that is missing and an unknown key are
    /// errors when the host starts. A change of the section comes into force with the next request; if it has faults, the options from before stay in
    /// force and an error is logged.
    /// </param>
    public static AuthenticationBuilder AddDpop(this AuthenticationBuilder builder, string scheme, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        builder.AddDpop(scheme, options => Read(scheme, section).ApplyTo(options));
        builder.Services.AddSingleton<IOptionsChangeTokenSource<DpopAuthenticationOptions>>(provider =>
        {
            ILogger logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger(ServerTelemetry.LogCategory);
            return new CheckedChanges<DpopAuthenticationOptions>(
                scheme, section, provider.GetRequiredService<IOptionsFactory<DpopAuthenticationOptions>>(), exception => Log.OptionsRefused(logger, exception, scheme));
        });
        return builder;
    }

    private static DpopConfiguration Read(string scheme, IConfigurationSection section)
    {
        if (!section.Exists())
        {
            throw new InvalidOperationException(
                $"AddDpop for the scheme '{scheme}': the configuration section '{section.Path}' is missing or empty. Add it, or call AddDpop "
                + "without a section.");
        }

        // The binder passes over a value where a list belongs, and then all algorithms would be accepted.
        if (!string.IsNullOrEmpty(section[nameof(DpopConfiguration.Algorithms)]))
        {
            throw new InvalidOperationException(
                $"AddDpop for the scheme '{scheme}': '{section.Path}:{nameof(DpopConfiguration.Algorithms)}' is one value; it must be a list, such as "
                + "[\"ES256\"] in JSON, or an environment variable for each algorithm whose name ends in __0, __1 and so on.");
        }

        try
        {
            DpopConfiguration configuration = new();
            section.Bind(configuration, binder => binder.ErrorOnUnknownConfiguration = true);
            return configuration;
        }
        catch (InvalidOperationException exception)
        {
            IEnumerable<string> keys = typeof(DpopConfiguration).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal);
            throw new InvalidOperationException(
                $"AddDpop for the scheme '{scheme}': the configuration section '{section.Path}' has a key or a value that isn't understood. "
                + $"Known keys: {string.Join(", ", keys)}.",
                exception);
        }
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddMetrics();
        services.AddDataProtection();
        services.TryAddSingleton<ProtectedSchemes>();
        services.TryAddSingleton<NonceSource>();
        services.TryAddSingleton(provider => new ServerTelemetry(
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<IMeterFactory>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.TryAddTransient<DpopSchemeHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuthenticationOptions>, SchemeSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DpopAuthenticationOptions>, DpopOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, DpopRequirementHandler>());
    }
}
