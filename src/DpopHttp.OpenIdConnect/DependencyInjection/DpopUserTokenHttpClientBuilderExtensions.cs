using DpopHttp;
using DpopHttp.OpenIdConnect;
using DpopHttp.OpenIdConnect.DependencyInjection;
using DpopHttp.OpenIdConnect.Requests;
using DpopHttp.Tokens.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives clients of <see cref="IHttpClientFactory"/> the tokens of the users who are signed in.</summary>
public static class DpopUserTokenHttpClientBuilderExtensions
{
    /// <summary>
    /// Gives each request of the client the token of the user who is signed in, with a proof of the key that it is bound to (RFC 9449 section 7.1). Tokens are
    /// renewed as needed. A request without a user isn't sent: <see cref="DpopSignInRequiredException"/>. <c>AddDpop()</c> is included.
    /// </summary>
    /// <remarks>
    /// The user is the one of the current HTTP request, unless <see cref="DpopSession.Use"/> or <c>SetDpopSession</c> names another. A client with a
    /// BaseAddress gives tokens to that origin only, unless <see cref="DpopOptions.AllowedOrigins"/> or <see cref="DpopOptions.IsAllowedOrigin"/> says more.
    /// </remarks>
    /// <param name="builder">The client's builder.</param>
    /// <param name="scheme">The OpenID Connect scheme that users signed in with. Null (the default): any that has DPoP.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The builder is the one of <c>ConfigureHttpClientDefaults</c>.</exception>
    public static IHttpClientBuilder AddDpopUserToken(this IHttpClientBuilder builder, string? scheme = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string client = builder.Name
            ?? throw new ArgumentException("Users' tokens are for one client: use the builder of AddHttpClient, and not the one of the defaults.", nameof(builder));
        builder.AddDpop();
        IServiceCollection services = builder.Services;
        services.AddHttpContextAccessor();
        services.AddKeyedSingleton<OnceOnly>(client);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<UserTokenRegistration>, UserTokenRegistrationValidator>());
        services.AddOptions<UserTokenRegistration>(client)
            .Configure<IServiceProvider>((registration, provider) =>
            {
                registration.Scheme = scheme;
                registration.CreateHandler = () => new UserTokenHandler(
                    client,
                    scheme,
                    new HomeOrigin(client, provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>(), provider.GetRequiredService<IOptionsMonitor<DpopOptions>>()),
                    provider.GetRequiredService<IHttpContextAccessor>(),
                    provider.GetRequiredService<CurrentSession>(),
                    provider.GetRequiredKeyedService<OnceOnly>(client),
                    provider.GetRequiredService<ILogger<DpopSession>>());
            })
            .ValidateOnStart();
        if (!services.Any(d => d.ImplementationType == typeof(UserTokenHandlerBuilderFilter)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, UserTokenHandlerBuilderFilter>());
        }

        return builder;
    }
}
