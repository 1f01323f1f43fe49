using Microsoft.Extensions.Configuration;

namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>Reads token options from a section. What is wrong with it is found at start-up with all other faults, and names no value.</summary>
internal static class TokenConfiguration
{
    private static readonly Dictionary<string, Func<IConfigurationSection, DpopTokenOptions, bool>> Readers = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(DpopTokenOptions.Authority)] = (section, options) => IsUri(section, out Uri? uri) && Set(() => options.Authority = uri),
        [nameof(DpopTokenOptions.TokenEndpoint)] = (section, options) => IsUri(section, out Uri? uri) && Set(() => options.TokenEndpoint = uri),
        [nameof(DpopTokenOptions.ClientId)] = (section, options) => section.Value is { } id && Set(() => options.ClientId = id),
        [nameof(DpopTokenOptions.ClientSecret)] = (section, options) => section.Value is { } secret && Set(() => options.ClientSecret = secret),
        [nameof(DpopTokenOptions.ClientSecretLocation)] = (section, options) =>
            Enum.TryParse(section.Value, ignoreCase: true, out DpopClientSecretLocation location) && Set(() => options.ClientSecretLocation = location),
        [nameof(DpopTokenOptions.ClientAssertionJwk)] = (section, options) => section.Value is { } jwk && Set(() => options.ClientAssertionJwk = jwk),
        [nameof(DpopTokenOptions.ClientAssertionKeyId)] = (section, options) => section.Value is { } id && Set(() => options.ClientAssertionKeyId = id),
        [nameof(DpopTokenOptions.ClientAssertionFile)] = (section, options) => section.Value is { } path && Set(() => options.ClientAssertionFile = path),
        [nameof(DpopTokenOptions.UsesClientCertificate)] = (section, options) => bool.TryParse(section.Value, out bool uses) && Set(() => options.UsesClientCertificate = uses),
        [nameof(DpopTokenOptions.Scope)] = (section, options) => section.Value is { } scope && Set(() => options.Scope = scope),
        [nameof(DpopTokenOptions.Resources)] = ReadResources,
        [nameof(DpopTokenOptions.Parameters)] = ReadParameters,
    };

    /// <summary>The keys that a section may have.</summary>
    public static IReadOnlyCollection<string> Configurable => Readers.Keys;

    private static readonly HashSet<string> CodeOnly = new(
        [nameof(DpopRefreshTokenOptions.Store), nameof(DpopTokenOptions.ClientAssertionKey), nameof(DpopTokenOptions.ClientAssertion)], StringComparer.OrdinalIgnoreCase);

    public static void Read(IConfigurationSection section, DpopTokenOptions options)
    {
        if (!section.Exists())
        {
            options.ConfigurationFaults.Add($"The configuration section '{section.Path}' does not exist: correct its name, or add it.");
            return;
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!Readers.TryGetValue(child.Key, out Func<IConfigurationSection, DpopTokenOptions, bool>? read))
            {
                options.ConfigurationFaults.Add(Unknown(section, child.Key));
            }
            else if (!read(child, options))
            {
                options.ConfigurationFaults.Add($"The key '{child.Key}' of the configuration section '{section.Path}' has no value that can be read: see {nameof(DpopTokenOptions)}.{child.Key}.");
            }
        }
    }

    private static string Unknown(IConfigurationSection section, string key) =>
        CodeOnly.Contains(key)
            ? $"The key '{key}' of the configuration section '{section.Path}' can only be set in code: add a call with a delegate."
            : $"The configuration section '{section.Path}' has the unknown key '{key}'. Did you mean '{NearestName.To(key, Readers.Keys)}'? The keys are {string.Join(", ", Readers.Keys)}.";

    /// <summary>A list, or one text with commas or spaces between, as an environment variable has it.</summary>
    private static bool ReadResources(IConfigurationSection section, DpopTokenOptions options)
    {
        IEnumerable<string?> resources = section.Value is { } text
            ? text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : section.GetChildren().Select(child => child.Value);
        foreach (string? resource in resources)
        {
            if (string.IsNullOrWhiteSpace(resource))
            {
                return false;
            }

            options.Resources.Add(resource);
        }

        return true;
    }

    private static bool ReadParameters(IConfigurationSection section, DpopTokenOptions options)
    {
        foreach (IConfigurationSection parameter in section.GetChildren())
        {
            if (parameter.Value is not { } value)
            {
                return false;
            }

            options.Parameters[parameter.Key] = value;
        }

        return string.IsNullOrEmpty(section.Value);
    }

    private static bool IsUri(IConfigurationSection section, out Uri? uri) => Uri.TryCreate(section.Value, UriKind.RelativeOrAbsolute, out uri);

    private static bool Set(Action set)
    {
        set();
        return true;
    }
}
