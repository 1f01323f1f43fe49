using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace DpopHttp;

/// <summary>Reads the options of one type from a configuration section, and collects everything that is wrong with the section.</summary>
internal sealed class SectionReader
{
    private readonly IConfigurationSection _section;
    private readonly Type _options;
    private readonly List<string> _faults = [];

    /// <param name="section">The section.</param>
    /// <param name="options">The type of the options, for the error.</param>
    /// <param name="configurable">The keys that the section may have.</param>
    /// <param name="codeOnly">The options that can't be said in configuration.</param>
    public SectionReader(IConfigurationSection section, Type options, IReadOnlyList<string> configurable, IReadOnlyList<string> codeOnly)
    {
        _section = section;
        _options = options;
        if (!section.Exists())
        {
            _faults.Add($"The configuration section '{section.Path}' doesn't exist, or is empty. Add it, or correct its path.");
        }
        else if (section.Value is { Length: > 0 })
        {
            _faults.Add($"The configuration section '{section.Path}' is a value. It must have keys: {string.Join(", ", configurable)}.");
        }

        foreach (IConfigurationSection child in section.GetChildren().Where(child => !configurable.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            _faults.Add(codeOnly.FirstOrDefault(name => name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { } name
                ? $"The configuration section '{section.Path}' has the key '{child.Key}'. {options.Name}.{name} can only be set in code. Remove the key."
                : $"The configuration section '{section.Path}' has the key '{child.Key}', which isn't an option.{Suggest(child.Key, configurable, codeOnly)}");
        }
    }

    /// <summary>The text; null if the section doesn't have the key, or null there.</summary>
    public string? Text(string key, Func<string, string?>? findFault = null)
    {
        IConfigurationSection found = _section.GetSection(key);
        if (found.GetChildren().Any())
        {
            _faults.Add($"{found.Path} has keys or entries of its own. Give one value.");
            return null;
        }

        if (found.Value is { } value && findFault?.Invoke(value) is { } fault)
        {
            _faults.Add($"{found.Path} is '{value}'. {fault}");
            return null;
        }

        return found.Value;
    }

    /// <summary>True or false; null if the section doesn't have the key.</summary>
    public bool? Flag(string key) =>
        Text(key, value => bool.TryParse(value, out _) ? null : "Use true or false.") is { } text ? bool.Parse(text) : null;

    /// <summary>A whole number that isn't negative; null if the section doesn't have the key.</summary>
    public int? Number(string key) =>
        Text(key, value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : "Use a whole number.") is { } text
            ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
            : null;

    /// <summary>Hours, minutes and seconds; null if the section doesn't have the key. A number alone would be days.</summary>
    public TimeSpan? Duration(string key) =>
        Text(key, value => value.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _)
            ? null
            : "Use hours, minutes and seconds, such as 00:02:00.") is { } text
            ? TimeSpan.Parse(text, CultureInfo.InvariantCulture)
            : null;

    /// <summary>One of the names of the enumeration, whatever their case; null if the section doesn't have the key.</summary>
    public T? Choice<T>(string key)
        where T : struct, Enum
    {
        string[] names = Enum.GetNames<T>();
        string? text = Text(key, value => names.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"Use one of {string.Join(", ", names)}.");
        return text is null ? null : Enum.Parse<T>(text, ignoreCase: true);
    }

    /// <summary>URIs as a list, or as one text with commas, semicolons or spaces between, as environment variables have it.</summary>
    public IReadOnlyList<Uri> Uris(string key)
    {
        IConfigurationSection found = _section.GetSection(key);
        IConfigurationSection[] entries = [.. found.GetChildren()];
        if (entries.Length == 0)
        {
            return found.Value is null ? [] : [.. Split(found.Value).Select(text => ToUri(found.Path, text)).OfType<Uri>()];
        }

        if (!string.IsNullOrEmpty(found.Value))
        {
            _faults.Add($"{found.Path} is given twice, as one value and as a list; one of them may be an environment variable. Give it once.");
        }

        return [.. entries.Select(entry => ToUri(entry.Path, entry.Value ?? "")).OfType<Uri>()];
    }

    /// <summary>Ends the reading.</summary>
    /// <exception cref="SectionException">The section has faults; the exception lists all.</exception>
    public void Complete()
    {
        if (_faults.Count > 0)
        {
            throw new SectionException(_section.Path, _options, _faults);
        }
    }

    /// <summary>A comma at the end, or two in a row, leave an empty entry: something may be missing there.</summary>
    private static IEnumerable<string> Split(string text) =>
        text.Split(',', ';').SelectMany(part => part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } words ? words : [""]);

    private static string Suggest(string key, IReadOnlyList<string> configurable, IReadOnlyList<string> codeOnly)
    {
        IReadOnlyList<string> near = NearestNames.Find(key, configurable);
        if (near.Count > 0)
        {
            return $" Did you mean {string.Join(" or ", near)}?";
        }

        return $" The section may have {string.Join(", ", configurable)}; in code only: {string.Join(", ", codeOnly)}.";
    }

    private Uri? ToUri(string path, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            _faults.Add($"{path} is empty, or has an empty entry. Give scheme, host and port, such as https://api.example.com.");
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.IsFile)
        {
            _faults.Add($"{path} has '{text}', which isn't an absolute URI. Give scheme, host and port, such as https://api.example.com.");
            return null;
        }

        return uri;
    }
}
