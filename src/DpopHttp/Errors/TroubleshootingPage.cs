using System.Reflection;

namespace DpopHttp;

/// <summary>Where the entries for error codes are: docs/troubleshooting.md of the version that this is, if the release said where the repository is.</summary>
internal static class TroubleshootingPage
{
    private static readonly string? Address = typeof(TroubleshootingPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => metadata.Key == nameof(TroubleshootingPage))?.Value;

    public static string? LinkTo(string code) => Address is null ? null : $"{Address}#{code}";
}
