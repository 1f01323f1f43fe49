using System.Diagnostics.CodeAnalysis;
using DpopHttp.Tokens.Caching;
using DpopHttp.Tokens.Endpoint.Authentication;
using DpopHttp.Tokens.Grants;
using DpopHttp.Tokens.Requests;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>The services of a client that gets tokens.</summary>
internal static class TokenServices
{
    public static IHttpClientBuilder Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IHttpClientBuilder builder,
        string method,
        Action<OptionsBuilder<TOptions>> set,
        Func<IServiceProvider, TimeProvider, Func<TOptions, Grant>> createGrants)
        where TOptions : class
    {
        string client = NameOf(builder);
        builder.AddDpop();
        IServiceCollection services = builder.Services;
        OptionsBuilder<TOptions> options = services.AddOptions<TOptions>(client);
        set(options);
        options.ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TokenRegistration>, TokenRegistrationValidator>());
        services.TryAddSingleton<IDpopTokens, ManagedTokens>();
        services.TryAddSingleton<IPrivateKeyMaterial, ExportedKeyMaterial>();

        // Not TryAdd, which would look through the services of all clients: of several for one client the last counts.
        services.AddKeyedSingleton(client, (provider, _) => CreateSource(provider, client, createGrants));
        services.AddOptions<TokenRegistration>(client)
            .Configure<IServiceProvider>((registration, provider) =>
            {
                registration.Grants.Add(method);
                registration.CreateHandler = () => CreateHandler<TOptions>(provider, client);
            })
            .ValidateOnStart();
        services.AddHybridCache();
        AddHandlerFilter(services);
        return builder;
    }

    /// <summary>Puts the handlers of a <see cref="TokenRegistration"/> in their places.</summary>
    public static void AddHandlerFilter(IServiceCollection services)
    {
        if (!services.Any(d => d.ImplementationType == typeof(CredentialHandlerBuilderFilter)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, CredentialHandlerBuilderFilter>());
        }
    }

    public static AssertionSender CreateAssertionSender(IServiceProvider provider, string client)
    {
        IOptionsMonitor<DpopOptions> clients = provider.GetRequiredService<IOptionsMonitor<DpopOptions>>();
        return new AssertionSender(
            provider.GetRequiredKeyedService<AssertionClock>(client), TimeOf(provider, client), () => clients.Get(client).LearnClockOffset);
    }

    public static string NameOf(IHttpClientBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Name ?? throw new ArgumentException("Tokens are for one client: use the builder of AddHttpClient, and not the one of the defaults.", nameof(builder));
    }

    /// <summary>Faulty options are an error when the client is made, and not with its first request.</summary>
    private static TokenHandler CreateHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IServiceProvider provider, string client)
        where TOptions : class
    {
        _ = provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(client);
        return new TokenHandler(
            provider.GetRequiredKeyedService<TokenSource>(client),
            new HomeOrigin(client, provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>(), provider.GetRequiredService<IOptionsMonitor<DpopOptions>>()),
            provider.GetRequiredService<ILogger<TokenSource>>());
    }

    private static TokenSource CreateSource<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IServiceProvider provider, string client, Func<IServiceProvider, TimeProvider, Func<TOptions, Grant>> createGrants)
        where TOptions : class
    {
        TimeProvider time = TimeOf(provider, client);
        ILogger logger = provider.GetRequiredService<ILogger<TokenSource>>();
        IOptionsMonitor<TOptions> options = provider.GetRequiredService<IOptionsMonitor<TOptions>>();
        Func<TOptions, Grant> createGrant = createGrants(provider, time);
        return new TokenSource(
            client,
            () => options.Get(client),
            now => createGrant((TOptions)now),
            provider.GetRequiredService<DpopKeyRing>(),
            new SharedTokenCache(provider.GetRequiredService<HybridCache>(), provider.GetRequiredService<IPrivateKeyMaterial>(), time, logger),
            time,
            logger);
    }

    private static TimeProvider TimeOf(IServiceProvider provider, string client) =>
        provider.GetRequiredService<IOptionsMonitor<DpopOptions>>().Get(client).TimeProvider ?? TimeProvider.System;
}
