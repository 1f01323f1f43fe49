using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.DependencyInjection;

/// <summary>Tells at start-up what can't work, all at once.</summary>
internal sealed class DpopOpenIdConnectOptionsValidator : IValidateOptions<DpopOpenIdConnectOptions>
{
    public ValidateOptionsResult Validate(string? name, DpopOpenIdConnectOptions options)
    {
        List<string> faults = [];
        bool namesKey = options.Key is not null || options.KeyName is not null || options.KeyFile is not null;
        if (options.KeyPerSession && namesKey)
        {
            faults.Add("KeyPerSession makes a key for each session, but Key, KeyName or KeyFile names one for the app. Set one of them.");
        }

        if (!options.KeyPerSession && !namesKey && (options.CreateStore is not null || options.Store is not null))
        {
            faults.Add("Sessions that outlive the process, or that several instances share, need a key that does so too: set KeyFile, KeyName or Key, or KeyPerSession.");
        }

        if (options.SessionLimit < 1)
        {
            faults.Add($"SessionLimit is {options.SessionLimit}. Set it to 1 or more.");
        }

        if (options.SessionLifetime <= TimeSpan.Zero)
        {
            faults.Add($"SessionLifetime is {options.SessionLifetime}. Set it to a time above zero.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults.Select(fault => $"AddDpop for the scheme '{name}': {fault}"));
    }
}
