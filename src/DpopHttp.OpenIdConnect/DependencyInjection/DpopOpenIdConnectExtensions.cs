using DpopHttp;
using DpopHttp.OpenIdConnect;
using DpopHttp.OpenIdConnect.DependencyInjection;
using DpopHttp.OpenIdConnect.Endpoint;
using Microsoft.AspNetCore.Authentication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds DPoP (RFC 9449) to the OpenID Connect handler of ASP.NET Core.</summary>
public static class DpopOpenIdConnectExtensions
{
    /// <summary>
    /// Binds the sign-ins of the OpenID Connect scheme that was added last to a key: <c>dpop_jkt</c> goes out with the authorization request or the pushed
    /// one (RFC 9449 section 10), a proof with the code's redemption, with userinfo and with renewals, and the server's nonces are answered. The tokens are
    /// kept as a session of the user, for clients with <c>AddDpopUserToken</c>. The cookie has the session's identifier; SaveTokens isn't needed.
    /// </summary>
    /// <param name="builder">The authentication builder, behind AddOpenIdConnect.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">There is no OpenID Connect scheme.</exception>
    public static AuthenticationBuilder AddDpop(this AuthenticationBuilder builder) => builder.AddDpop(static (DpopOpenIdConnectOptions _) => { });

    /// <inheritdoc cref="AddDpop(AuthenticationBuilder)"/>
    /// <param name="builder">The authentication builder, behind AddOpenIdConnect.</param>
    /// <param name="configure">Sets the options. Faults in them are errors when the host starts.</param>
    public static AuthenticationBuilder AddDpop(this AuthenticationBuilder builder, Action<DpopOpenIdConnectOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddDpop(SchemeFinder.FindLast(builder.Services), configure);
    }

    /// <inheritdoc cref="AddDpop(AuthenticationBuilder)"/>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="scheme">The name of the OpenID Connect scheme.</param>
    /// <param name="configure">Sets the options. Faults in them are errors when the host starts.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static AuthenticationBuilder AddDpop(this AuthenticationBuilder builder, string scheme, Action<DpopOpenIdConnectOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.AddDpop(scheme, (options, _) => configure(options));
    }

    /// <inheritdoc cref="AddDpop(AuthenticationBuilder)"/>
    /// <param name="builder">The authentication builder.</param>
    /// <param name="scheme">The name of the OpenID Connect scheme.</param>
    /// <param name="configure">Sets the options with the help of the container's services. Faults in them are errors when the host starts.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static AuthenticationBuilder AddDpop(this AuthenticationBuilder builder, string scheme, Action<DpopOpenIdConnectOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        ArgumentNullException.ThrowIfNull(configure);
        OpenIdConnectServices.Add(builder.Services, scheme);
        builder.Services.AddOptions<DpopOpenIdConnectOptions>(scheme).Configure(configure).ValidateOnStart();
        return builder;
    }

    /// <summary>
    /// Configures the client that talks to the authorization server for the scheme that was added last: its primary handler, or a client assertion by
    /// <c>AddDpopClientAssertion</c>.
    /// </summary>
    /// <param name="builder">The authentication builder, behind AddOpenIdConnect.</param>
    /// <param name="configure">Is given the builder of the client that signs: for tokens, pushed requests, userinfo and revocation.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOperationException">There is no OpenID Connect scheme.</exception>
    public static AuthenticationBuilder ConfigureDpopBackChannel(this AuthenticationBuilder builder, Action<IHttpClientBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        string scheme = SchemeFinder.FindLast(builder.Services);
        configure(builder.Services.AddHttpClient(BackChannel.NameFor(scheme)));
        return builder;
    }
}
