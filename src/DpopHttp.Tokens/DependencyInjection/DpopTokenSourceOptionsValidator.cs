using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.DependencyInjection;

internal sealed class DpopTokenSourceOptionsValidator : IValidateOptions<DpopTokenSourceOptions>
{
    public ValidateOptionsResult Validate(string? name, DpopTokenSourceOptions options) => options.GetToken is null
        ? ValidateOptionsResult.Fail($"{nameof(DpopTokenSourceOptions.GetToken)} of the client '{name}' is missing: set a delegate that gets a token.")
        : ValidateOptionsResult.Success;
}
