using DpopHttp.Verification;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.AspNetCore;

/// <summary>Finds all faults of a scheme's options, and what is missing around them, when the host starts.</summary>
internal sealed class DpopOptionsValidator(
    IOptions<AuthenticationOptions> authentication,
    IEnumerable<ProtectedSchemeName> names,
    ProtectedSchemes schemes,
    IServiceProvider services) : IValidateOptions<DpopAuthenticationOptions>
{
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, DpopAuthenticationOptions options)
    {
        if (!names.Any(scheme => scheme.Value == name))
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> faults = [.. SchemeFaults(name!), .. TimeFaults(options), .. ValueFaults(options), .. SecretFaults(options)];
        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults.Select(fault => $"AddDpop for the scheme '{name}': {fault}"));
    }

    private IEnumerable<string> SchemeFaults(string name)
    {
        IDictionary<string, AuthenticationSchemeBuilder> map = authentication.Value.SchemeMap;
        if (!map.ContainsKey(name))
        {
            string known = map.Count == 0 ? "none" : string.Join(", ", map.Keys);
            yield return $"there is no such scheme; there are: {known}. Add it, such as by AddJwtBearer, or name the right one.";
        }
        else if (schemes.FindHandlerType(name)?.Type is { } type
            && (typeof(IAuthenticationRequestHandler).IsAssignableFrom(type)
                || typeof(IAuthenticationSignOutHandler).IsAssignableFrom(type)))
        {
            yield return $"its handler, {type.Name}, signs users in or out; DPoP stands before schemes that validate access tokens.";
        }
    }

    private static IEnumerable<string> TimeFaults(DpopAuthenticationOptions options)
    {
        if (options.ProofLifetime <= TimeSpan.Zero || options.ProofLifetime > LongestLifetime)
        {
            yield return $"ProofLifetime is {options.ProofLifetime}; it must be more than zero and at most {LongestLifetime}.";
        }

        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > LongestLifetime)
        {
            yield return $"ClockSkew is {options.ClockSkew}; it must be at least zero and at most {LongestLifetime}.";
        }

        if (options.NonceStep < TimeSpan.FromSeconds(1) || options.NonceStep > LongestLifetime)
        {
            yield return $"NonceStep is {options.NonceStep}; it must be at least one second and at most {LongestLifetime}.";
        }
    }

    private IEnumerable<string> ValueFaults(DpopAuthenticationOptions options)
    {
        string[] unknown = [.. options.Algorithms.Where(name => !DpopProofVerifier.SupportedAlgorithms.Contains(name))];
        if (unknown.Length > 0)
        {
            string supported = string.Join(", ", DpopProofVerifier.SupportedAlgorithms);
            yield return $"Algorithms has {string.Join(", ", unknown)}; supported are {supported}.";
        }

        if (!Enum.IsDefined(options.BearerTokens)
            || !Enum.IsDefined(options.Nonces)
            || !Enum.IsDefined(options.Replay)
            || !Enum.IsDefined(options.ReplayFailure))
        {
            yield return "BearerTokens, Nonces, Replay or ReplayFailure has a value that isn't one of its names.";
        }

        if (options.MaximumProofLength is < 512 or > 64 * 1024)
        {
            yield return $"MaximumProofLength is {options.MaximumProofLength}; it must be between 512 and 65,536 characters.";
        }

        if (options.MaximumReplayEntries < 1)
        {
            yield return $"MaximumReplayEntries is {options.MaximumReplayEntries}; it must be at least 1.";
        }

        if (options.PublicOrigin is { } origin && !IsPlainAddress(origin))
        {
            yield return "PublicOrigin must be an absolute http or https address without user information, query and fragment, such as "
                + "https://api.example.com.";
        }

        if (options.Replay == DpopReplayDetection.Shared && services.GetService<DpopReplayStore>() is null)
        {
            yield return "Replay is Shared, and no DpopReplayStore is registered. Register one, such as by AddDpopRedis, or set Replay to Memory "
                + "for a single instance.";
        }
    }

    private static bool IsPlainAddress(Uri address) =>
        address is { IsAbsoluteUri: true, Scheme: "https" or "http" }
        && address.UserInfo.Length == 0
        && address.Query.Length == 0
        && address.Fragment.Length == 0;

    private static IEnumerable<string> SecretFaults(DpopAuthenticationOptions options)
    {
        if (options.NonceSecret is { } secret && !IsLongEnough(secret))
        {
            yield return $"NonceSecret isn't base64 of at least {DpopNonces.MinimumSecretSize} bytes.";
        }

        if (options.OtherNonceSecret is { } other && !IsLongEnough(other))
        {
            yield return $"OtherNonceSecret isn't base64 of at least {DpopNonces.MinimumSecretSize} bytes.";
        }

        if (options.NonceDataProtection
            && (options.NonceSecret is not null || options.OtherNonceSecret is not null || options.NonceIssuer is not null))
        {
            yield return "NonceDataProtection is set beside NonceSecret, OtherNonceSecret or NonceIssuer; nonces are made in one way. Set one of "
                + "them only.";
        }
    }

    private static bool IsLongEnough(string secret) => NonceSource.SizeOf(secret) >= DpopNonces.MinimumSecretSize;
}
