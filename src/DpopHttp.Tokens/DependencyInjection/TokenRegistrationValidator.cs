using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.DependencyInjection;

internal sealed class TokenRegistrationValidator : IValidateOptions<TokenRegistration>
{
    public ValidateOptionsResult Validate(string? name, TokenRegistration options) => options.Grants.Count <= 1
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"The client '{name}' gets tokens by {string.Join(" and by ", options.Grants)}: choose one.");
}
