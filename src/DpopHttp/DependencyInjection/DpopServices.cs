using DpopHttp.KeyRing;
using DpopHttp.Origins;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>The services that clients and keys have in common.</summary>
internal static class DpopServices
{
    public static void AddTo(IServiceCollection services)
    {
        // It stands first, so that each of many clients finds it at once.
        if (services.Any(d => d.ImplementationType == typeof(DpopHandlerBuilderFilter)))
        {
            return;
        }

        ClientsOf(services);
        services.Insert(0, ServiceDescriptor.Singleton<IHttpMessageHandlerBuilderFilter, DpopHandlerBuilderFilter>());
        services.AddSingleton<IValidateOptions<DpopStartup>, DpopStartupValidator>();
        services.AddOptions<DpopStartup>().ValidateOnStart();
        services.AddLogging();
        services.TryAddSingleton(provider => new KeyNames(provider.GetRequiredService<ClientRegistrations>(), provider.GetServices<KeyRegistration>()));
        services.TryAddSingleton(provider => new KeySources(provider.GetRequiredService<ILogger<DpopKeyRing>>(), ContentRoot.Find(provider)));
        services.TryAddSingleton<NamedSetups<DpopOptions>>();
        services.TryAddSingleton<NamedSetups<DpopKeyOptions>>();
        services.TryAddSingleton<OptionsStore<DpopOptions>>();
        services.TryAddSingleton<OptionsStore<DpopKeyOptions>>();
        services.TryAddSingleton<IOptionsMonitor<DpopOptions>>(provider => provider.GetRequiredService<OptionsStore<DpopOptions>>());
        services.TryAddSingleton<IOptionsMonitor<DpopKeyOptions>>(provider => provider.GetRequiredService<OptionsStore<DpopKeyOptions>>());
        services.TryAddSingleton<KeyHolders>();
        services.TryAddSingleton(provider => new DpopKeyRing(provider.GetRequiredService<KeyHolders>(), provider.GetRequiredService<KeySources>()));
        services.TryAddSingleton<OriginRegistry>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DpopOptions>, DpopOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DpopKeyOptions>, DpopKeyOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<DpopOptions>, DpopDefaultsSetup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<DpopOptions>, ContainerDefaults>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<HttpClientFactoryOptions>, LoggedHeaders>());
    }

    /// <summary>
    /// One service for all clients, since the platform looks through all services for each client that is added; and it stands first, so that each finds it at once.
    /// </summary>
    public static ClientRegistrations ClientsOf(IServiceCollection services)
    {
        if (services.FirstOrDefault(d => d.ServiceType == typeof(ClientRegistrations))?.ImplementationInstance is ClientRegistrations known)
        {
            return known;
        }

        ClientRegistrations added = new();
        services.Insert(0, ServiceDescriptor.Singleton(added));
        return added;
    }
}
