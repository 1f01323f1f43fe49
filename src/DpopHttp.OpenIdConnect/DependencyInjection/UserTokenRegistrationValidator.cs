using DpopHttp.OpenIdConnect.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.DependencyInjection;

/// <summary>Fails at start-up if no sign-in is registered that gives a client the tokens of its users.</summary>
internal sealed class UserTokenRegistrationValidator(IServiceProvider services) : IValidateOptions<UserTokenRegistration>
{
    public ValidateOptionsResult Validate(string? name, UserTokenRegistration registration)
    {
        if (registration.CreateHandler is null)
        {
            return ValidateOptionsResult.Skip;
        }

        IReadOnlyList<string> schemes = services.GetService<OpenIdConnectSchemes>()?.Names ?? [];
        if (schemes.Count == 0)
        {
            return ValidateOptionsResult.Fail($"The client '{name}' has AddDpopUserToken, but no scheme signs users in with DPoP. Call AddDpop on the OpenID Connect scheme: AddOpenIdConnect(…).AddDpop(…).");
        }

        return registration.Scheme is null || schemes.Contains(registration.Scheme)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"The client '{name}' has AddDpopUserToken for the scheme '{registration.Scheme}', which doesn't have DPoP. Those that do: {string.Join(", ", schemes)}.");
    }
}
