using DpopHttp.Tokens.Endpoint;
using DpopHttp.Tokens.Endpoint.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>The clients that talk to the authorization server for another one.</summary>
internal static class BackChannelServices
{
    /// <summary>Comes before what a user says of one back channel, so that this stays.</summary>
    public static void AddPipeline(IServiceCollection services) =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HttpClientFactoryOptions>, BackChannelPipeline>());

    /// <summary>The one for tokens signs with the same key as the client, so that the token and the calls cannot have different ones.</summary>
    public static void Add(IServiceCollection services, string client)
    {
        string name = BackChannel.NameFor(client);
        AddPipeline(services);
        services.AddHttpClient(name).AddDpop();
        services.AddHttpClient(BackChannel.PlainNameFor(client));
        services.AddKeyedSingleton<AssertionClock>(name);
        services.AddOptions<DpopOptions>(name).PostConfigure<IServiceProvider>((own, provider) =>
        {
            // Asked for here: the monitor of these options cannot be one of their own dependencies.
            DpopOptions front = provider.GetRequiredService<IOptionsMonitor<DpopOptions>>().Get(client);
            own.KeyName = client;

            // The client says where the key is: what the defaults of all clients say may be another one.
            (own.Key, own.KeyFile, own.KeyFileProtection, own.KeyAlgorithm) = (null, null, null, null);
            own.AllowInsecureHttp = front.AllowInsecureHttp;
            own.LearnClockOffset = front.LearnClockOffset;
            own.TimeProvider = front.TimeProvider;
            own.NonceStore = front.NonceStore;
            own.ProofLifetime ??= front.ProofLifetime;

            // Secrets and refresh tokens are in the body, and a redirect could take them anywhere.
            own.FollowRedirects = false;
        });
        services.AddOptions<TokenRegistration>(name).Configure<IServiceProvider>((registration, provider) =>
        {
            registration.IsBackChannel = true;
            registration.CreateHandler = () => new ClientAuthenticationHandler(TokenServices.CreateAssertionSender(provider, name));
            registration.CreateAttemptHandler = () => new AttemptAssertionHandler();
        });
    }
}
