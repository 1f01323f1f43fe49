using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>Finds all faults of a key's options at once, at start-up and whenever the options are read anew.</summary>
internal sealed class DpopKeyOptionsValidator : IValidateOptions<DpopKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, DpopKeyOptions options)
    {
        string[] faults =
        [
            .. KeyRules.FindFaults(options, nameof(options.Key), nameof(options.File), nameof(options.Protection), nameof(options.Algorithm)),
        ];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.Select(fault => $"AddDpopKey for the key '{name}': {fault}"));
    }
}
