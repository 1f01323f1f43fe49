using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>Finds clients that share a key name and mean different keys, at start-up: no client's own options show it.</summary>
internal sealed class DpopRegistrationValidator(DpopKeyRing keys) : IValidateOptions<DpopRegistration>
{
    public ValidateOptionsResult Validate(string? name, DpopRegistration options)
    {
        try
        {
            return options.Enabled && name is not null && keys.FindConflict(name) is { } conflict
                ? ValidateOptionsResult.Fail(conflict)
                : ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException)
        {
            // The faulty client's own validation says so, once.
            return ValidateOptionsResult.Success;
        }
    }
}
