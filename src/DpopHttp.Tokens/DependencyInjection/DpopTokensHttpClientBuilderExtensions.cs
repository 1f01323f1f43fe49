using DpopHttp;
using DpopHttp.Tokens.Caching;
using DpopHttp.Tokens.DependencyInjection;
using DpopHttp.Tokens.Endpoint;
using DpopHttp.Tokens.Endpoint.Authentication;
using DpopHttp.Tokens.Grants;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
    /// <remarks>
    /// A client with a BaseAddress gives its tokens to that origin only, unless <see cref="DpopOptions.AllowedOrigins"/> names others. The BaseAddress is
    /// seen if AddHttpClient or ConfigureHttpClient sets it, and not if a typed client's constructor does.
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Sets the options. Faults in them surface when the host starts, else when the client is made.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The builder is the one of <c>ConfigureHttpClientDefaults</c>: tokens are for one client.</exception>
    public static IHttpClientBuilder AddDpopClientCredentials(this IHttpClientBuilder builder, Action<DpopClientCredentialsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddClientCredentials(options => options.Configure(configure));
    }

    /// <inheritdoc cref="AddDpopClientCredentials(IHttpClientBuilder, Action{DpopClientCredentialsOptions})" />
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Sets the options with the services of the container, such as one that has the secret.</param>
    public static IHttpClientBuilder AddDpopClientCredentials(this IHttpClientBuilder builder, Action<DpopClientCredentialsOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddClientCredentials(options => options.Configure(configure));
    }

    /// <inheritdoc cref="AddDpopClientCredentials(IHttpClientBuilder, Action{DpopClientCredentialsOptions})" />
    /// <param name="builder">The client's builder.</param>
    /// <param name="section">
    /// Its keys are the names of <see cref="DpopTokenOptions"/>' properties; an unknown key is an error at start-up. When it changes, valid options come into
    /// force; faulty ones are logged as an error and change nothing.
    /// </param>
    public static IHttpClientBuilder AddDpopClientCredentials(this IHttpClientBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder.AddClientCredentials(options => options.Read(section));
    }

    /// <summary>
    /// Gives each request of the client the token of somebody who signed in before (RFC 6749 section 6). A rotated refresh token is saved before
    /// the access token that came along is used. A request that comes with an Authorization header keeps it. Includes <c>AddDpop()</c>.
    /// </summary>
    /// <remarks>
    /// A client with a BaseAddress gives its tokens to that origin only, unless <see cref="DpopOptions.AllowedOrigins"/> names others. The BaseAddress is
    /// seen if AddHttpClient or ConfigureHttpClient sets it, and not if a typed client's constructor does.
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Sets the options. Faults in them surface when the host starts, else when the client is made.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The builder is the one of <c>ConfigureHttpClientDefaults</c>: tokens are for one client.</exception>
    public static IHttpClientBuilder AddDpopRefreshToken(this IHttpClientBuilder builder, Action<DpopRefreshTokenOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddRefreshToken(options => options.Configure(configure));
    }

    /// <inheritdoc cref="AddDpopRefreshToken(IHttpClientBuilder, Action{DpopRefreshTokenOptions})" />
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Sets the options with the services of the container, such as one that is the store.</param>
    public static IHttpClientBuilder AddDpopRefreshToken(this IHttpClientBuilder builder, Action<DpopRefreshTokenOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddRefreshToken(options => options.Configure(configure));
    }

    /// <inheritdoc cref="AddDpopRefreshToken(IHttpClientBuilder, Action{DpopRefreshTokenOptions})" />
    /// <param name="builder">The client's builder.</param>
    /// <param name="section">
    /// Its keys are the names of <see cref="DpopTokenOptions"/>' properties; an unknown key is an error at start-up. The store is set by a call with a delegate
    /// beside this one. When the section changes, valid options come into force; faulty ones are logged as an error and change nothing.
    /// </param>
    public static IHttpClientBuilder AddDpopRefreshToken(this IHttpClientBuilder builder, IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder.AddRefreshToken(options => options.Read(section));
    }

    /// <summary>
    /// Gives each request of the client a token from a source of the application's own: a token exchange for each user (RFC 8693), a grant of the server's own. It is kept, renewed
    /// before it expires, and replaced when the API refuses it, as the tokens of the other methods are; instances don't share it. A request that comes with an Authorization header keeps it. Includes
    /// <c>AddDpop()</c>.
    /// </summary>
    /// <remarks>
    /// A client with a BaseAddress gives its tokens to that origin only, unless <see cref="DpopOptions.AllowedOrigins"/> names others. The BaseAddress is
    /// seen if AddHttpClient or ConfigureHttpClient sets it, and not if a typed client's constructor does.
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Sets the source. Faults surface when the host starts, else when the client is made.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The builder is the one of <c>ConfigureHttpClientDefaults</c>: tokens are for one client.</exception>
    public static IHttpClientBuilder AddDpopToken(this IHttpClientBuilder builder, Action<DpopTokenSourceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddTokenSource(options => options.Configure(configure));
    }

    /// <inheritdoc cref="AddDpopToken(IHttpClientBuilder, Action{DpopTokenSourceOptions})" />
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Sets the source with the services of the container, such as the client that it asks with.</param>
    public static IHttpClientBuilder AddDpopToken(this IHttpClientBuilder builder, Action<DpopTokenSourceOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddTokenSource(options => options.Configure(configure));
    }

    /// <summary>Sets up the clients that talk to the authorization server for a client: a proxy, a certificate to trust, logging.</summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="configure">Called for the client that asks for tokens, and for the one that reads the server's metadata.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The builder is the one of <c>ConfigureHttpClientDefaults</c>.</exception>
    public static IHttpClientBuilder ConfigureDpopBackChannel(this IHttpClientBuilder builder, Action<IHttpClientBuilder> configure)
    {
        string client = TokenServices.NameOf(builder);
        ArgumentNullException.ThrowIfNull(configure);
        BackChannelServices.AddPipeline(builder.Services);
        configure(builder.Services.AddHttpClient(BackChannel.NameFor(client)));
        configure(builder.Services.AddHttpClient(BackChannel.PlainNameFor(client)));
        return builder;
    }

    /// <summary>
    /// Puts a client assertion (RFC 7523 section 2.2: <c>private_key_jwt</c>) into each form that the client posts to the authorization server, made anew for
    /// each attempt on the wire. For grants that you ask for yourself; the others of this class do it for their own requests. Turns
    /// <see cref="DpopOptions.FollowRedirects"/> off: a redirect would take an assertion that nobody has used to another server.
    /// </summary>
    /// <param name="builder">The client's builder.</param>
    /// <param name="clientId">The client identifier.</param>
    /// <param name="privateJwk">Signs the assertion. It is not the DPoP key.</param>
    /// <param name="audience">
    /// What the assertion is addressed to: the issuer. Forms that are posted to another origin than that have no assertion, which the server there could use.
    /// Null (the default): the URI that the form is posted to.
    /// </param>
    /// <param name="origin">The only origin that gets assertions, where it is another than the audience's. Null (the default): the audience's.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The JWK cannot sign, or the audience isn't a URI and no origin is given, or the origin is not absolute.</exception>
    public static IHttpClientBuilder AddDpopClientAssertion(
        this IHttpClientBuilder builder, string clientId, string privateJwk, string? audience = null, Uri? origin = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        ArgumentException.ThrowIfNullOrEmpty(privateJwk);
        if (AssertionWriter.FindFault(privateJwk) is { } fault)
        {
            throw new ArgumentException($"The JWK {fault}.", nameof(privateJwk));
        }

        return builder.AddClientAssertion(AssertionWriter.Of(clientId, privateJwk), audience, origin);
    }

    /// <inheritdoc cref="AddDpopClientAssertion(IHttpClientBuilder, string, string, string, Uri)" />
    /// <param name="builder">The client's builder.</param>
    /// <param name="clientId">The client identifier.</param>
    /// <param name="key">
    /// Signs the assertion: any key, also one in an HSM or a cloud's key management by <see cref="DpopKey.FromSigner"/>. It is not the DPoP key, and isn't disposed with the client.
    /// </param>
    /// <param name="audience">
    /// What the assertion is addressed to: the issuer. Forms that are posted to another origin than that have no assertion, which the server there could use.
    /// Null (the default): the URI that the form is posted to.
    /// </param>
    /// <param name="origin">The only origin that gets assertions, where it is another than the audience's. Null (the default): the audience's.</param>
    /// <param name="keyId">The <c>kid</c> that the key has in the client's registration (RFC 7515 section 4.1.4). Null (the default): assertions have none.</param>
    /// <exception cref="ArgumentException">The audience isn't a URI and no origin is given, or the origin is not absolute.</exception>
    public static IHttpClientBuilder AddDpopClientAssertion(
        this IHttpClientBuilder builder, string clientId, DpopKey key, string? audience = null, Uri? origin = null, string? keyId = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        ArgumentNullException.ThrowIfNull(key);
        return builder.AddClientAssertion(new AssertionWriter(clientId, key, keyId), audience, origin);
    }

    private static IHttpClientBuilder AddClientAssertion(this IHttpClientBuilder builder, AssertionWriter assertion, string? audience, Uri? origin)
    {
        if (origin is { IsAbsoluteUri: false })
        {
            throw new ArgumentException("The origin is not absolute: give scheme, host and port.", nameof(origin));
        }

        Uri? only = origin;
        if (only is null && audience is not null && !Uri.TryCreate(audience, UriKind.Absolute, out only))
        {
            throw new ArgumentException("The audience isn't an absolute URI, so it does not say which server the assertions are for. Give the origin as well.", nameof(audience));
        }

        string client = builder.Name ?? Options.Options.DefaultName;
        builder.Services.AddKeyedSingleton<AssertionClock>(client);
        builder.AddDpop(options => options.FollowRedirects = false);
        builder.Services.Configure<TokenRegistration>(builder.Name, registration => registration.CreateAttemptHandler = () => new AttemptAssertionHandler());
        TokenServices.AddHandlerFilter(builder.Services);
        return builder.AddHttpMessageHandler(services => new ClientAssertionHandler(
            assertion, audience, only, TokenServices.CreateAssertionSender(services, client)));
    }

    private static IHttpClientBuilder AddTokenSource(this IHttpClientBuilder builder, Action<OptionsBuilder<DpopTokenSourceOptions>> set)
    {
        string client = TokenServices.NameOf(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DpopTokenSourceOptions>, DpopTokenSourceOptionsValidator>());
        return TokenServices.Add(builder, nameof(AddDpopToken), set, (provider, time) =>
        {
            IOptionsMonitor<DpopOptions> clients = provider.GetRequiredService<IOptionsMonitor<DpopOptions>>();
            return options => new SourceGrant(client, options, () => clients.Get(client).BearerTokens, time);
        });
    }

    private static IHttpClientBuilder AddClientCredentials(this IHttpClientBuilder builder, Action<TokenOptionsBuilder<DpopClientCredentialsOptions>> set) =>
        EndpointGrants.Add<DpopClientCredentialsOptions>(
            builder, nameof(AddDpopClientCredentials), set, (endpoint, options, _) => new ClientCredentialsGrant(endpoint, options));

    private static IHttpClientBuilder AddRefreshToken(this IHttpClientBuilder builder, Action<TokenOptionsBuilder<DpopRefreshTokenOptions>> set)
    {
        string client = TokenServices.NameOf(builder);
        builder.Services.AddKeyedSingleton<RefreshTokenState>(client);
        return EndpointGrants.Add<DpopRefreshTokenOptions>(builder, nameof(AddDpopRefreshToken), set, (endpoint, options, services) => new RefreshTokenGrant(
            endpoint, options, services.GetRequiredService<DpopKeyRing>(), services.GetRequiredKeyedService<RefreshTokenState>(client),
            services.GetRequiredService<ILogger<TokenSource>>()));
    }
}
