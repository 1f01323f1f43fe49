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

        string[] own = [.. OwnGrants(name)];
        if (own.Length > 0)
        {
            return ValidateOptionsResult.Fail(
                $"The client '{name}' has AddDpopUserToken and {string.Join(" and ", own)}: its requests have the token of their user or one of its own. Choose one, or use two clients.");
        }

        return registration.Scheme is null || schemes.Contains(registration.Scheme)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"The client '{name}' has AddDpopUserToken for the scheme '{registration.Scheme}', which doesn't have DPoP. Those that do: {string.Join(", ", schemes)}.");
    }

    private IEnumerable<string> OwnGrants(string? client)
    {
        if (HasOptions<DpopClientCredentialsOptions>(client))
        {
            yield return nameof(DpopTokensHttpClientBuilderExtensions.AddDpopClientCredentials);
        }

        if (HasOptions<DpopRefreshTokenOptions>(client))
        {
            yield return nameof(DpopTokensHttpClientBuilderExtensions.AddDpopRefreshToken);
        }

        if (HasOptions<DpopTokenSourceOptions>(client))
        {
            yield return nameof(DpopTokensHttpClientBuilderExtensions.AddDpopToken);
        }
    }

    /// <summary>Each of those methods sets the options of the client's name.</summary>
    private bool HasOptions<TOptions>(string? client)
        where TOptions : class => services.GetServices<IConfigureOptions<TOptions>>().Any(setup =>
            (setup is ConfigureNamedOptions<TOptions> plain && plain.Name == client)
            || (setup is ConfigureNamedOptions<TOptions, IServiceProvider> withServices && withServices.Name == client));
}
