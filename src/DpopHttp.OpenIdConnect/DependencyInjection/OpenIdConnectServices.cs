using DpopHttp.OpenIdConnect.Endpoint;
using DpopHttp.OpenIdConnect.Requests;
using DpopHttp.OpenIdConnect.Sessions;
using DpopHttp.OpenIdConnect.SignIn;
using DpopHttp.OpenIdConnect.Stores;
using DpopHttp.Shared;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.DependencyInjection;

/// <summary>The services of an OpenID Connect scheme with DPoP.</summary>
internal static class OpenIdConnectServices
{
    public static void Add(IServiceCollection services, string scheme)
    {
        bool isKnown = services.Any(service => service.ImplementationInstance is OpenIdConnectScheme known && known.Name == scheme);
        if (isKnown)
        {
            return;
        }

        services.AddSingleton(new OpenIdConnectScheme(scheme));
        services.AddDataProtection();
        services.AddHttpContextAccessor();
        services.TryAddSingleton<OpenIdConnectSchemes>();
        services.TryAddSingleton<CurrentSession>();
        services.TryAddSingleton(provider => new DpopSessions(provider, provider.GetRequiredService<OpenIdConnectSchemes>()));
        services.TryAddSingleton(provider => new SessionSeal(provider.GetRequiredService<IDataProtectionProvider>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DpopOpenIdConnectOptions>, DpopOpenIdConnectOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<CookieAuthenticationOptions>, CookieEventsSetup>());
        services.AddKeyedSingleton<BackChannelPrimary>(scheme);
        services.AddKeyedSingleton(scheme, (provider, _) => CreateKeeper(provider, scheme));

        // The first comes before the framework's own setup, the second behind what the user has set by then.
        services.Insert(0, ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>>(provider => new BackChannelSetup(scheme, provider)));
        services.AddSingleton<IPostConfigureOptions<OpenIdConnectOptions>>(new EventsSetup(scheme));
        AddBackChannel(services, scheme);
    }

    private static void AddBackChannel(IServiceCollection services, string scheme)
    {
        services.AddHttpClient(BackChannel.NameFor(scheme))
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => ResilienceHandlers.Remove(handlers))
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredKeyedService<BackChannelPrimary>(scheme).Create())
            .AddDpop((dpop, provider) =>
            {
                DpopOpenIdConnectOptions options = ReadOptions(provider, scheme);
                (dpop.Key, dpop.KeyName, dpop.KeyFile, dpop.KeyFileProtection) = (options.Key, options.KeyName, options.KeyFile, options.KeyFileProtection);
                dpop.KeyAlgorithm = options.KeyName is null && options.Key is null ? options.KeyAlgorithm : null;
                dpop.AllowInsecureHttp = options.AllowInsecureHttp;

                // Codes, secrets and refresh tokens are in the body, and a redirect could take them anywhere.
                dpop.FollowRedirects = false;
            });
        services.AddHttpClient(BackChannel.PlainNameFor(scheme))
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredKeyedService<BackChannelPrimary>(scheme).Create())
            .RemoveDpop();
    }

    private static DpopOpenIdConnectOptions ReadOptions(IServiceProvider provider, string scheme)
    {
        try
        {
            return provider.GetRequiredService<IOptionsMonitor<DpopOpenIdConnectOptions>>().Get(scheme);
        }
        catch (OptionsValidationException)
        {
            // The validation of those options says so, and once is enough.
            return new DpopOpenIdConnectOptions();
        }
    }

    private static SessionKeeper CreateKeeper(IServiceProvider provider, string scheme)
    {
        IOptionsMonitor<DpopOpenIdConnectOptions> monitor = provider.GetRequiredService<IOptionsMonitor<DpopOpenIdConnectOptions>>();
        TimeProvider time = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        ILogger logger = provider.GetRequiredService<ILogger<DpopSession>>();
        LateStore store = new(() => CreateStore(provider, monitor.Get(scheme), time));
        SessionShelf shelf = new(
            scheme, store, provider.GetRequiredService<SessionSeal>(), thumbprint => SignInKeys.Find(provider, scheme, thumbprint), () => monitor.Get(scheme), time, logger);
        ServerEndpoints endpoints = new(
            scheme, provider.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>(), monitor, provider.GetRequiredService<IHttpClientFactory>(), time);
        SessionRevocation revocation = new(endpoints, () => monitor.Get(scheme), time, logger);
        return new SessionKeeper(scheme, shelf, new SessionRenewal(shelf, endpoints, revocation, time, logger), revocation, time, logger);
    }

    private static DpopSessionStore CreateStore(IServiceProvider provider, DpopOpenIdConnectOptions options, TimeProvider time) =>
        options.CreateStore?.Invoke(provider) ?? options.Store ?? new MemorySessionStore(options.SessionLimit, time);
}
