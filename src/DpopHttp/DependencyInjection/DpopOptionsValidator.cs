using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>Finds all faults of a client's options at once, at start-up and whenever the options are read anew.</summary>
internal sealed class DpopOptionsValidator : IValidateOptions<DpopOptions>
{
    public ValidateOptionsResult Validate(string? name, DpopOptions options) =>
        DpopOptionsRules.FindFaults(options, name) is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
}
