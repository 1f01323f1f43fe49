using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>Finds all faults of a client's options at once, at start-up and whenever the options are read anew.</summary>
internal sealed class DpopOptionsValidator : IValidateOptions<DpopOptions>
{
    public ValidateOptionsResult Validate(string? name, DpopOptions options)
    {
        string clients = string.IsNullOrEmpty(name) ? "all clients" : $"the client '{name}'";
        return DpopOptionsRules.FindFaults(options, name) is { Count: > 0 } faults
            ? ValidateOptionsResult.Fail(faults.Select(fault => $"AddDpop for {clients}: {fault}"))
            : ValidateOptionsResult.Success;
    }
}
