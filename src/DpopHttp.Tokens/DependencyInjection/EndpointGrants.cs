using System.Diagnostics.CodeAnalysis;
using DpopHttp.Tokens.Diagnostics;
using DpopHttp.Tokens.Endpoint;
using DpopHttp.Tokens.Grants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>The services of a client whose tokens come from a token endpoint.</summary>
internal static class EndpointGrants
{
    public static IHttpClientBuilder Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        IHttpClientBuilder builder,
        string method,
        Action<TokenOptionsBuilder<TOptions>> set,
        Func<TokenEndpointClient, TOptions, IServiceProvider, Grant> createGrant)
        where TOptions : DpopTokenOptions
    {
        string client = TokenServices.NameOf(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, DpopTokenOptionsValidator<TOptions>>());
        builder.Services.TryAddSingleton<TokenTelemetry>();
        TokenServices.Add<TOptions>(builder, method, options => set(new TokenOptionsBuilder<TOptions>(options)), (provider, time) =>
        {
            BackChannel backChannel = new(client, provider.GetRequiredService<IHttpClientFactory>(), provider.GetRequiredService<IOptionsMonitor<DpopOptions>>());
            TokenEndpointClient endpoint = new(client, backChannel, sendsOnce: typeof(TOptions) == typeof(DpopRefreshTokenOptions), time, provider.GetRequiredService<TokenTelemetry>());
            return options => createGrant(endpoint, options, provider);
        });
        BackChannelServices.Add(builder.Services, client);
        return builder;
    }
}
