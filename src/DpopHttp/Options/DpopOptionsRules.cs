using DpopHttp.Origins;
using DpopHttp.Proofs;

namespace DpopHttp;

/// <summary>What the options of one client must fulfil, with or without dependency injection.</summary>
internal static class DpopOptionsRules
{
    /// <summary>Each upload under way may hold as much. Bytes.</summary>
    private const int MaximumReplayBuffer = 64 * 1024 * 1024;

    private static readonly TimeSpan ShortestProofLifetime = TimeSpan.FromSeconds(1);

    /// <summary>A proof is for one request, now: a longer life is only of use to a thief (RFC 9449 section 11.1).</summary>
    private static readonly TimeSpan LongestProofLifetime = TimeSpan.FromHours(1);

    /// <summary>All faults at once; none if the options are in order.</summary>
    /// <param name="options">The options.</param>
    /// <param name="client">The client's name; null where there is none.</param>
    public static IReadOnlyList<string> FindFaults(DpopOptions options, string? client = null) =>
    [
        .. KeyNameFaults(options, client),
        .. KeyRules.FindFaults(
            DpopKeyOptions.Of(options), nameof(options.Key), nameof(options.KeyFile), nameof(options.KeyFileProtection), nameof(options.KeyAlgorithm)),
        .. OtherFaults(options),
    ];

    /// <summary>The options, if they are in order.</summary>
    /// <exception cref="ArgumentException">They have faults; the message lists all.</exception>
    public static DpopOptions Require(DpopOptions options)
    {
        IReadOnlyList<string> faults = FindFaults(options);
        return faults.Count == 0 ? options : throw new ArgumentException(string.Join(" ", faults), nameof(options));
    }

    private static IEnumerable<string> KeyNameFaults(DpopOptions options, string? client)
    {
        const string Name = nameof(DpopOptions.KeyName);
        if (options.KeyName is not { } keyName)
        {
            yield break;
        }

        if (string.IsNullOrWhiteSpace(keyName))
        {
            yield return $"{Name} is empty. Give the name of a key, or leave {Name} out.";
        }
        else if (keyName != client && DpopKeyOptions.Of(options).NamesOfWhatIsSet is { Length: > 0 } set)
        {
            yield return $"{Name} is '{keyName}', and {set} is set too. A client either names a key that is defined elsewhere, or defines its own. "
                + $"Define the key with services.AddDpopKey(\"{keyName}\", ...), or leave {Name} out.";
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
                yield return $"{nameof(DpopOptions.AllowedOrigins)} has '{Describe(origin)}': give scheme, host and port only, such as https://api.example.com.";
            }
            else if (!Origin.IsSecure(origin) && !options.AllowInsecureHttp)
            {
                yield return $"{nameof(DpopOptions.AllowedOrigins)} has '{origin}', which is not https: use https, or set {nameof(DpopOptions.AllowInsecureHttp)}.";
            }
        }

        if (options.ReplayBufferLimit is < 0 or > MaximumReplayBuffer)
        {
            yield return $"{nameof(DpopOptions.ReplayBufferLimit)} is {options.ReplayBufferLimit}: give a number of bytes from 0 to {MaximumReplayBuffer}.";
        }

        if (options.ProofLifetime is { } lifetime && (lifetime < ShortestProofLifetime || lifetime > LongestProofLifetime))
        {
            yield return $"{nameof(DpopOptions.ProofLifetime)} is {lifetime:c}: give a time from {ShortestProofLifetime:c} to {LongestProofLifetime:c}, such as 00:02:00.";
        }

        if (options.ProofLifetime is not null && options.AdditionalClaims.ContainsKey(ProofClaims.Expiry))
        {
            yield return $"{nameof(DpopOptions.AdditionalClaims)} has '{ProofClaims.Expiry}', and {nameof(DpopOptions.ProofLifetime)} is set, which sets it: remove one of the two.";
        }

        foreach (string claim in options.AdditionalClaims.Keys.Intersect(ProofClaims.Reserved))
        {
            yield return $"{nameof(DpopOptions.AdditionalClaims)} has '{claim}', which every proof sets by itself (RFC 9449 section 4.2): remove it.";
        }
    }

    private static bool IsOrigin(Uri? uri) =>
        uri is { IsAbsoluteUri: true, PathAndQuery: "/", Fragment: "", UserInfo: "" } && Origin.HttpScheme(uri) is "http" or "https";

    /// <summary>Without user information and query, which may be secret.</summary>
    private static string? Describe(Uri? uri) =>
        uri is { IsAbsoluteUri: true } ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : uri?.ToString();
}
