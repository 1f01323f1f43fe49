using DpopHttp;
using DpopHttp.KeyRing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds DPoP (RFC 9449) to clients of <see cref="IHttpClientFactory"/>.</summary>
public static class DpopHttpClientBuilderExtensions
{
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
        DpopServices.AddTo(services);
        ClientRegistrations clients = DpopServices.ClientsOf(services);
        if (builder.Name is null)
        {
            clients.AddDefaults();
        }
        else if (clients.TryAdd(builder.Name))
        {
            services.AddOptions<DpopOptions>(builder.Name).ValidateOnStart();
        }

        return builder;
    }

    /// <inheritdoc cref="AddDpop(IHttpClientBuilder)" />
    /// <param name="builder">The client's builder, or the one of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <param name="configure">Sets the client's options. Faults in them surface when the host starts, else when the client is made.</param>
    public static IHttpClientBuilder AddDpop(this IHttpClientBuilder builder, Action<DpopOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Set(builder.AddDpop(), (options, _) => configure(options));
    }

    /// <inheritdoc cref="AddDpop(IHttpClientBuilder)" />
    /// <param name="builder">The client's builder, or the one of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <param name="configure">
    /// Sets the client's options with the help of the container's services. Faults in them surface when the host starts, else when the client is made.
    /// </param>
    public static IHttpClientBuilder AddDpop(this IHttpClientBuilder builder, Action<DpopOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Set(builder.AddDpop(), configure);
    }

    /// <inheritdoc cref="AddDpop(IHttpClientBuilder)" />
    /// <param name="builder">The client's builder, or the one of <c>ConfigureHttpClientDefaults</c> for all clients.</param>
    /// <param name="section">
    /// Its keys are the names of <see cref="DpopOptions"/>' properties. A section that doesn't exist and an unknown key are errors at start-up. A change
    /// of the section comes into force as a whole; one with faults is logged, and the former options stay in force.
    /// </param>
    public static IHttpClientBuilder AddDpop(this IHttpClientBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        Set(builder.AddDpop(), (options, _) => DpopOptionsSection.Apply(section, options));
        builder.Services.AddSingleton<IOptionsChangeTokenSource<DpopOptions>>(new ConfigurationChangeTokenSource<DpopOptions>(builder.Name, section));
        return builder;
    }

    /// <summary>
    /// Adds DPoP for a library that gets its tokens by itself and only knows <c>Bearer</c>: the library sees <c>Bearer</c> where the wire says <c>DPoP</c>, in
    /// challenges and in token answers. See <see cref="DpopAsBearerHandler"/>.
    /// </summary>
    /// <param name="builder">The client's builder.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="OptionsValidationException">
    /// When the host starts, or else when the client is made: <see cref="DpopOptions.BearerTokens"/> isn't <see cref="BearerTokenHandling.Upgrade"/>.
    /// </exception>
    /// <exception cref="ArgumentException">The builder is the one of <c>ConfigureHttpClientDefaults</c>.</exception>
    public static IHttpClientBuilder AddDpopAsBearer(this IHttpClientBuilder builder)
    {
        builder.AddDpop();
        string name = builder.Name
            ?? throw new ArgumentException("Bearer is shown to one client: use the builder of AddHttpClient, and not the one of the defaults.", nameof(builder));
        builder.Services.AddOptions<DpopOptions>(name).Validate(
            options => options.BearerTokens == BearerTokenHandling.Upgrade,
            $"The client {name} has AddDpopAsBearer(), and its BearerTokens isn't Upgrade: a token that is bound to the key would go out as plain Bearer or not "
            + "at all. Set BearerTokens to Upgrade, or leave AddDpopAsBearer() away.");
        return builder.AddHttpMessageHandler(() => new DpopAsBearerHandler());
    }

    /// <summary>
    /// Leaves one client without DPoP where <c>ConfigureHttpClientDefaults(defaults => defaults.AddDpop())</c> gives it to all, whatever the order of the two
    /// calls. A later <c>AddDpop()</c> on the client itself adds it again.
    /// </summary>
    /// <param name="builder">The client's builder.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The builder is the one of <c>ConfigureHttpClientDefaults</c>.</exception>
    public static IHttpClientBuilder RemoveDpop(this IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name
            ?? throw new ArgumentException("DPoP is removed from one client: use the builder of AddHttpClient, and not the one of the defaults.", nameof(builder));
        DpopServices.ClientsOf(builder.Services).Remove(name);
        return builder;
    }

    private static IHttpClientBuilder Set(IHttpClientBuilder builder, Action<DpopOptions, IServiceProvider> configure)
    {
        if (builder.Name is null)
        {
            builder.Services.Configure<DpopDefaults>(defaults => defaults.Settings.Add(configure));
        }
        else
        {
            builder.Services.AddOptions<DpopOptions>(builder.Name).Configure(configure);
        }

        return builder;
    }
}
