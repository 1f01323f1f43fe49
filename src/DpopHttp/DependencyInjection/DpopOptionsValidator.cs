using DpopHttp.Http;
using DpopHttp.Keys;
using DpopHttp.Proofs;
using Microsoft.Extensions.Options;

namespace DpopHttp;

/// <summary>Finds all faults of a client's options at once, at start-up.</summary>
internal sealed class DpopOptionsValidator : IValidateOptions<DpopOptions>
{
    public ValidateOptionsResult Validate(string? name, DpopOptions options)
    {
        List<string> faults = [.. Faults(options)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>The options, for use without dependency injection.</summary>
    /// <exception cref="ArgumentException">They have faults; the message lists all.</exception>
    public static DpopOptions Checked(DpopOptions options)
    {
        string[] faults = [.. Faults(options)];
        return faults.Length == 0 ? options : throw new ArgumentException(string.Join(" ", faults), nameof(options));
    }

    private static IEnumerable<string> Faults(DpopOptions options) => [.. KeyFaults(options), .. OtherFaults(options)];

    private static IEnumerable<string> KeyFaults(DpopOptions options)
    {
        const string Key = nameof(DpopOptions.Key), File = nameof(DpopOptions.KeyFile),
            Protection = nameof(DpopOptions.KeyFileProtection), Algorithm = nameof(DpopOptions.KeyAlgorithm);
        if (options.Key is not null && options.KeyFile is not null)
        {
            yield return $"{Key} and {File} are both set: a client has one key.";
        }

        if (options.KeyFile is not null && string.IsNullOrWhiteSpace(options.KeyFile))
        {
            yield return $"{File} is empty: give the path of a file.";
        }

        if (options.KeyFile is null && options.KeyFileProtection is not null)
        {
            yield return $"{Protection} is set without {File}: there is nothing to encrypt.";
        }

        if (options.KeyAlgorithm is { } algorithm && SigningAlgorithm.Find(algorithm) is null)
        {
            yield return $"{Algorithm} is '{algorithm}': use one of {SigningAlgorithm.Names}.";
        }

        if (options is { Key: { } key, KeyAlgorithm: { } wanted } && key.Algorithm != wanted)
        {
            yield return $"{Key} is for {key.Algorithm}, but {Algorithm} is {wanted}.";
        }
    }

    private static IEnumerable<string> OtherFaults(DpopOptions options)
    {
        if (!Enum.IsDefined(options.BearerTokens))
        {
            yield return $"{nameof(DpopOptions.BearerTokens)} is {options.BearerTokens}: use Upgrade, Allow or Reject.";
        }

        foreach (Uri? origin in options.AllowedOrigins)
        {
            if (!IsOrigin(origin))
            {
                yield return $"{nameof(DpopOptions.AllowedOrigins)} has '{origin}': give scheme, host and port only, such as https://api.example.com.";
            }
            else if (!RequestGuard.IsSecure(origin) && !options.AllowInsecureHttp)
            {
                yield return $"{nameof(DpopOptions.AllowedOrigins)} has '{origin}', which is not https: use https, or set {nameof(DpopOptions.AllowInsecureHttp)}.";
            }
        }

        foreach (string claim in options.AdditionalClaims.Keys.Intersect(ProofClaims.Reserved))
        {
            yield return $"{nameof(DpopOptions.AdditionalClaims)} has '{claim}', which every proof sets by itself (RFC 9449 section 4.2): remove it.";
        }
    }

    private static bool IsOrigin(Uri? uri) =>
        uri is { IsAbsoluteUri: true, PathAndQuery: "/", Fragment: "", UserInfo: "" } && Nonces.Origin.HttpScheme(uri) is "http" or "https";
}
