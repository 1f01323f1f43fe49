using DpopHttp.Keys;
using Microsoft.Extensions.Configuration;

namespace DpopHttp;

/// <summary>Reads <see cref="DpopOptions"/> from configuration. What the section doesn't mention is left as it is.</summary>
internal static class DpopOptionsSection
{
    public static readonly string[] Configurable =
    [
        nameof(DpopOptions.KeyFile), nameof(DpopOptions.KeyName), nameof(DpopOptions.KeyAlgorithm), nameof(DpopOptions.AllowInsecureHttp),
        nameof(DpopOptions.AllowedOrigins), nameof(DpopOptions.BearerTokens), nameof(DpopOptions.LearnClockOffset), nameof(DpopOptions.FollowRedirects),
        nameof(DpopOptions.ReplayBufferLimit), nameof(DpopOptions.ProbeBeforeUpload), nameof(DpopOptions.ProofLifetime),
    ];

    public static readonly string[] CodeOnly =
    [
        nameof(DpopOptions.Key), nameof(DpopOptions.KeyFileProtection), nameof(DpopOptions.HtuOverride), nameof(DpopOptions.AdditionalClaims),
        nameof(DpopOptions.IsAllowedOrigin), nameof(DpopOptions.ConfigureProof), nameof(DpopOptions.NonceStore), nameof(DpopOptions.TimeProvider),
    ];

    /// <exception cref="SectionException">The section has faults; the exception lists all.</exception>
    public static void Apply(IConfigurationSection section, DpopOptions options)
    {
        SectionReader reader = new(section, typeof(DpopOptions), Configurable, CodeOnly);
        options.KeyFile = reader.Text(nameof(options.KeyFile)) ?? options.KeyFile;
        options.KeyName = reader.Text(nameof(options.KeyName)) ?? options.KeyName;
        options.KeyAlgorithm = reader.Text(nameof(options.KeyAlgorithm), FindAlgorithmFault) ?? options.KeyAlgorithm;
        options.AllowInsecureHttp = reader.Flag(nameof(options.AllowInsecureHttp)) ?? options.AllowInsecureHttp;
        options.BearerTokens = reader.Choice<BearerTokenHandling>(nameof(options.BearerTokens)) ?? options.BearerTokens;
        options.LearnClockOffset = reader.Flag(nameof(options.LearnClockOffset)) ?? options.LearnClockOffset;
        options.FollowRedirects = reader.Flag(nameof(options.FollowRedirects)) ?? options.FollowRedirects;
        options.ReplayBufferLimit = reader.Number(nameof(options.ReplayBufferLimit)) ?? options.ReplayBufferLimit;
        options.ProbeBeforeUpload = reader.Flag(nameof(options.ProbeBeforeUpload)) ?? options.ProbeBeforeUpload;
        options.ProofLifetime = reader.Duration(nameof(options.ProofLifetime)) ?? options.ProofLifetime;
        foreach (Uri origin in reader.Uris(nameof(options.AllowedOrigins)))
        {
            options.AllowedOrigins.Add(origin);
        }

        reader.Complete();
    }

    public static string? FindAlgorithmFault(string value) => SigningAlgorithm.Find(value) is null ? $"Use one of {SigningAlgorithm.Names}." : null;
}
