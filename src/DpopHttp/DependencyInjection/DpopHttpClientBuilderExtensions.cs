using DpopHttp;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds DPoP (RFC 9449) to clients of <see cref="IHttpClientFactory"/>.</summary>
public static class DpopHttpClientBuilderExtensions
{
    private static readonly string[] SecretHeaders = ["Authorization", "DPoP", "DPoP-Nonce"];

    /// <summary>
    /// Puts a fresh proof on every request of the client and answers the server's nonce challenges. The handler is innermost
    /// whatever the order of calls; calling this again adds no second one.
    /// </summary>
    /// <param name="builder">The client's builder, or the one of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <returns>The builder.</returns>
    public static IHttpClientBuilder AddDpop(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        AddServices(services);
        services.Configure<DpopRegistration>(builder.Name, registration => registration.Enabled = true);
        services.PostConfigure<HttpClientFactoryOptions>(builder.Name, Redact);
        if (builder.Name is not null)
        {
            services.AddSingleton(new DpopClientName(builder.Name));
            services.AddOptions<DpopOptions>(builder.Name).ValidateOnStart();
            services.AddOptions<DpopRegistration>(builder.Name).ValidateOnStart();
        }

        return builder;
    }

    /// <inheritdoc cref="AddDpop(IHttpClientBuilder)" />
    /// <param name="builder">The client's builder, or the one of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <param name="configure">Sets the client's options. Faults in them surface when the host starts, else when the client is made.</param>
    public static IHttpClientBuilder AddDpop(this IHttpClientBuilder builder, Action<DpopOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Set(builder.AddDpop(), configure);
        return builder;
    }

    /// <inheritdoc cref="AddDpop(IHttpClientBuilder)" />
    /// <param name="builder">The client's builder, or the one of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <param name="section">Its keys are the names of <see cref="DpopOptions"/>' properties; an unknown key is an error at start-up.</param>
    public static IHttpClientBuilder AddDpop(this IHttpClientBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Set(builder.AddDpop(), options => Read(section).ApplyTo(options));
        builder.Services.AddSingleton<IOptionsChangeTokenSource<DpopOptions>>(new ConfigurationChangeTokenSource<DpopOptions>(builder.Name, section));
        return builder;
    }

    private static void Set(IHttpClientBuilder builder, Action<DpopOptions> configure)
    {
        if (builder.Name is null)
        {
            builder.Services.Configure<DpopDefaults>(defaults => defaults.Settings.Add(configure));
        }
        else
        {
            builder.Services.Configure(builder.Name, configure);
        }
    }

    private static DpopConfiguration Read(IConfigurationSection section)
    {
        DpopConfiguration configuration = new();
        section.Bind(configuration, binder => binder.ErrorOnUnknownConfiguration = true);
        return configuration;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.TryAddSingleton(provider => new DpopKeyRing(
            provider.GetRequiredService<IOptionsMonitor<DpopOptions>>(),
            provider.GetRequiredService<IOptionsMonitorCache<DpopOptions>>(),
            provider.GetServices<DpopClientName>(),
            provider.GetRequiredService<ILogger<DpopHandler>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DpopRegistration>, DpopRegistrationValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DpopOptions>, DpopOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<DpopOptions>, DpopDefaultsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<DpopOptions>, ContainerClock>());
        if (!services.Any(d => d.ImplementationType == typeof(DpopHandlerBuilderFilter)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, DpopHandlerBuilderFilter>());
        }
    }

    /// <summary>Composed with what the user set: RedactLoggedHeaders would replace it and show all other headers.</summary>
    private static void Redact(HttpClientFactoryOptions options)
    {
        Func<string, bool> others = options.ShouldRedactHeaderValue;
        options.ShouldRedactHeaderValue = name => SecretHeaders.Contains(name, StringComparer.OrdinalIgnoreCase) || others(name);
    }
}
