using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.DependencyInjection;

/// <summary>Finds the OpenID Connect scheme that was added last, which is the one that AddDpop stands behind.</summary>
internal static class SchemeFinder
{
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string FindLast(IServiceCollection services)
    {
        AuthenticationOptions shown = new();
        foreach (ConfigureNamedOptions<AuthenticationOptions> setup in services
            .Select(service => service.IsKeyedService ? null : service.ImplementationInstance).OfType<ConfigureNamedOptions<AuthenticationOptions>>())
        {
            setup.Configure(Microsoft.Extensions.Options.Options.DefaultName, shown);
        }

        return shown.Schemes.LastOrDefault(scheme => typeof(OpenIdConnectHandler).IsAssignableFrom(scheme.HandlerType))?.Name
            ?? throw new InvalidOperationException("AddDpop found no OpenID Connect scheme. Call it behind AddOpenIdConnect, or name the scheme.");
    }
}
