using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace DpopHttp.AspNetCore;

/// <summary>Puts DPoP in the place of the handlers, after all schemes were added, so that the order of calls makes no difference.</summary>
internal sealed class SchemeSetup(IEnumerable<ProtectedSchemeName> names, ProtectedSchemes schemes) : IPostConfigureOptions<AuthenticationOptions>
{
    public void PostConfigure(string? name, AuthenticationOptions options)
    {
        foreach (ProtectedSchemeName scheme in names.Distinct())
        {
            // A scheme that isn't there is told at start-up, see DpopOptionsValidator.
            if (options.SchemeMap.TryGetValue(scheme.Value, out AuthenticationSchemeBuilder? builder)
                && builder.HandlerType is { } type
                && type != typeof(DpopSchemeHandler))
            {
                schemes.SetHandlerType(scheme.Value, type);
                builder.HandlerType = typeof(DpopSchemeHandler);
            }
        }
    }
}
