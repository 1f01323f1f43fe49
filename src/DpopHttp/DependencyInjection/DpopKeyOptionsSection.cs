using Microsoft.Extensions.Configuration;

namespace DpopHttp;

/// <summary>Reads <see cref="DpopKeyOptions"/> from configuration. What the section doesn't mention is left as it is.</summary>
internal static class DpopKeyOptionsSection
{
    public static readonly string[] Configurable = [nameof(DpopKeyOptions.File), nameof(DpopKeyOptions.Algorithm)];

    public static readonly string[] CodeOnly = [nameof(DpopKeyOptions.Key), nameof(DpopKeyOptions.Protection)];

    /// <exception cref="SectionException">The section has faults; the exception lists all.</exception>
    public static void Apply(IConfigurationSection section, DpopKeyOptions options)
    {
        SectionReader reader = new(section, typeof(DpopKeyOptions), Configurable, CodeOnly);
        options.File = reader.Text(nameof(options.File)) ?? options.File;
        options.Algorithm = reader.Text(nameof(options.Algorithm), DpopOptionsSection.FindAlgorithmFault) ?? options.Algorithm;
        reader.Complete();
    }
}
