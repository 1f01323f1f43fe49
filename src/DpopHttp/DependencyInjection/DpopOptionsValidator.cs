using DpopHttp.Http;
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

    private static IEnumerable<string> Faults(DpopOptions options)
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
