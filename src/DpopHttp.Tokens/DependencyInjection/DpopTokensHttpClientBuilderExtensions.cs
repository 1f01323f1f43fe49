using System.Diagnostics.CodeAnalysis;
using DpopHttp;
using DpopHttp.Tokens;
using DpopHttp.Tokens.Caching;
using DpopHttp.Tokens.Endpoint;
using DpopHttp.Tokens.Grants;
using DpopHttp.Tokens.Http;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives clients of <see cref="IHttpClientFactory"/> DPoP-bound access tokens.</summary>
public static class DpopTokensHttpClientBuilderExtensions
{
    /// <summary>
    /// Gives each request of the client a token of its own (RFC 6749 section 4.4), bound to the client's key. It is fetched once however many
    /// requests wait, kept, shared between instances through the container's distributed cache, and renewed before it expires. A request that
    /// comes with an Authorization header keeps it. Includes <c>AddDpop()</c>.
    /// </summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Sets the options. Faults in them surface when the host starts, else when the client is made.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The builder is the one of <c>ConfigureHttpClientDefaults</c>: tokens are for one client.</exception>
    public static IHttpClientBuilder AddDpopClientCredentials(this IHttpClientBuilder builder, Action<DpopClientCredentialsOptions> configure) =>
        builder.AddTokens(nameof(AddDpopClientCredentials), configure, (endpoint, options, _) => new ClientCredentialsGrant(endpoint, options));

    /// <summary>
    /// Gives each request of the client the token of somebody who signed in before (RFC 6749 section 6). A rotated refresh token is saved before
    /// the access token that came along is used. A request that comes with an Authorization header keeps it. Includes <c>AddDpop()</c>.
    /// </summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Sets the options. Faults in them surface when the host starts, else when the client is made.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The builder is the one of <c>ConfigureHttpClientDefaults</c>: tokens are for one client.</exception>
    public static IHttpClientBuilder AddDpopRefreshToken(this IHttpClientBuilder builder, Action<DpopRefreshTokenOptions> configure) =>
        builder.AddTokens(nameof(AddDpopRefreshToken), configure, (endpoint, options, keys) => new RefreshTokenGrant(endpoint, options, keys));

    /// <summary>Sets up the clients that talk to the authorization server for a client: a proxy, a certificate to trust, logging.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Called for the client that asks for tokens, and for the one that reads the server's metadata.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The builder is the one of <c>ConfigureHttpClientDefaults</c>.</exception>
    public static IHttpClientBuilder ConfigureDpopBackChannel(this IHttpClientBuilder builder, Action<IHttpClientBuilder> configure)
    {
        string client = NameOf(builder);
        ArgumentNullException.ThrowIfNull(configure);
        configure(builder.Services.AddHttpClient(BackChannel.NameFor(client)));
        configure(builder.Services.AddHttpClient(BackChannel.PlainNameFor(client)));
        return builder;
    }

    /// <summary>
    /// Puts a client assertion (RFC 7523 section 2.2: <c>private_key_jwt</c>) into each form that the client posts, made anew for each attempt on
    /// the wire. For grants that you ask for yourself; the others of this class do it for their own requests. Turns
    /// <see cref="DpopOptions.FollowRedirects"/> off: a redirect would take an assertion that nobody has used to another server.
    /// </summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="clientId">The client identifier.</param>
    /// <param name="privateJwk">Signs the assertion. It is not the DPoP key.</param>
    /// <param name="audience">What the assertion is addressed to: the issuer. Null (the default): the URI that the form is posted to.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The JWK cannot sign.</exception>
    public static IHttpClientBuilder AddDpopClientAssertion(this IHttpClientBuilder builder, string clientId, string privateJwk, string? audience = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        ArgumentException.ThrowIfNullOrEmpty(privateJwk);
        return ClientAssertion.FindFault(privateJwk) is { } fault
            ? throw new ArgumentException($"The JWK {fault}.", nameof(privateJwk))
            : builder.AddDpop(options => options.FollowRedirects = false).AddHttpMessageHandler(services =>
                new ClientAssertionHandler(new ClientAssertion(clientId, privateJwk, TimeOf(services, builder.Name)), audience));
    }

    private static IHttpClientBuilder AddTokens<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IHttpClientBuilder builder, string method, Action<TOptions> configure, Func<TokenEndpoint, TOptions, DpopKeyRing, Grant> createGrant)
        where TOptions : DpopTokenOptions
    {
        string client = NameOf(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddDpop();
        IServiceCollection services = builder.Services;
        services.AddOptions<TOptions>(client).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, DpopTokenOptionsValidator<TOptions>>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TokenRegistration>, TokenRegistrationValidator>());
        services.TryAddSingleton<TokenTelemetry>();
        services.TryAddKeyedSingleton(client, (provider, _) => createGrant(
            CreateEndpoint(provider, client, provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(client)),
            provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(client),
            provider.GetRequiredService<DpopKeyRing>()));
        services.TryAddKeyedSingleton(client, (provider, _) => CreateSource(provider, client));
        services.AddOptions<TokenRegistration>(client)
            .Configure<IServiceProvider>((registration, provider) =>
            {
                registration.Grants.Add(method);
                registration.CreateHandler = () => new TokenHandler(provider.GetRequiredKeyedService<TokenSource>(client));
            })
            .ValidateOnStart();
        services.AddHybridCache();
        if (!services.Any(d => d.ImplementationType == typeof(CredentialHandlerBuilderFilter)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, CredentialHandlerBuilderFilter>());
        }

        AddBackChannel(services, client, provider => provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(client));
        return builder;
    }

    /// <summary>It signs with the same key as the client, so that the token and the calls cannot have different ones.</summary>
    private static void AddBackChannel(IServiceCollection services, string client, Func<IServiceProvider, DpopTokenOptions> options)
    {
        services.AddHttpClient(BackChannel.NameFor(client)).AddDpop();
        services.AddHttpClient(BackChannel.PlainNameFor(client));
        services.AddOptions<DpopOptions>(BackChannel.NameFor(client)).PostConfigure<IServiceProvider>((own, provider) =>
        {
            // Asked for here: the monitor of these options cannot be one of their own dependencies.
            DpopOptions front = provider.GetRequiredService<IOptionsMonitor<DpopOptions>>().Get(client);
            own.KeyName = client;

            // The client says where the key is: what the defaults of all clients say may be another one.
            (own.Key, own.KeyFile, own.KeyFileProtection, own.KeyAlgorithm) = (null, null, null, null);
            own.AllowInsecureHttp = front.AllowInsecureHttp;
            own.LearnClockOffset = front.LearnClockOffset;
            own.TimeProvider = front.TimeProvider;

            // Secrets and refresh tokens are in the body, and a redirect could take them anywhere.
            own.FollowRedirects = false;
        });
        services.AddOptions<TokenRegistration>(BackChannel.NameFor(client)).Configure<IServiceProvider>((registration, provider) =>
            registration.CreateHandler = () => CreateAuthentication(options(provider), TimeOf(provider, client)));
    }

    /// <summary>A secret in the body is part of the request from the beginning.</summary>
    private static DelegatingHandler? CreateAuthentication(DpopTokenOptions options, TimeProvider time) => options switch
    {
        { ClientAssertionJwk: { } jwk } => new ClientAssertionHandler(new ClientAssertion(options.ClientId!, jwk, time), audience: null),
        { ClientSecret: { } secret, ClientSecretPlace: ClientSecretPlace.AuthorizationHeader } => new ClientSecretHandler(options.ClientId!, secret),
        _ => null,
    };

    private static TokenEndpoint CreateEndpoint(IServiceProvider provider, string client, DpopTokenOptions options)
    {
        IOptionsMonitor<DpopOptions> clients = provider.GetRequiredService<IOptionsMonitor<DpopOptions>>();
        BackChannel backChannel = new(client, provider.GetRequiredService<IHttpClientFactory>(), clients);
        return new TokenEndpoint(
            client, options, backChannel, () => clients.Get(client).BearerTokens, TimeOf(provider, client), provider.GetRequiredService<TokenTelemetry>());
    }

    private static TokenSource CreateSource(IServiceProvider provider, string client)
    {
        TimeProvider time = TimeOf(provider, client);
        ILogger logger = provider.GetRequiredService<ILogger<TokenSource>>();
        return new TokenSource(
            provider.GetRequiredKeyedService<Grant>(client),
            provider.GetRequiredService<DpopKeyRing>(),
            new SharedTokenCache(provider.GetRequiredService<HybridCache>(), time, logger),
            time,
            logger);
    }

    private static TimeProvider TimeOf(IServiceProvider provider, string client) =>
        provider.GetRequiredService<IOptionsMonitor<DpopOptions>>().Get(client).TimeProvider ?? TimeProvider.System;

    private static string NameOf(IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Name ?? throw new ArgumentException("Tokens are for one client: use the builder of AddHttpClient, and not the one of the defaults.", nameof(builder));
    }
}
