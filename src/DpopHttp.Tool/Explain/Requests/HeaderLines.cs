namespace DpopHttp.Tool.Explain.Requests;

/// <summary>Header fields in the order in which they were read.</summary>
internal sealed class HeaderLines
{
    private readonly List<(string Name, string Value)> _fields = [];

    public void Add(string name, string value) => _fields.Add((name.Trim(), value.Trim()));

    /// <summary>Adds "Name: value"; anything else is left out.</summary>
    public void AddLine(string line)
    {
        if (line.IndexOf(':') is > 0 and int colon)
        {
            Add(line[..colon], line[(colon + 1)..]);
        }
    }

    public IReadOnlyList<string> All(string name) =>
        [.. _fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)];

    public string? First(string name) => All(name) is [string first, ..] ? first : null;
}
