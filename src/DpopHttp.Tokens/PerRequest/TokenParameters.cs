namespace DpopHttp.Tokens.PerRequest;

/// <summary>What one request wants of its token, as it was when the caller said so.</summary>
internal sealed class TokenParameters
{
    public static readonly TokenParameters None = new(new DpopTokenParameters());

    private readonly string? _scope;
    private readonly string[] _resources;
    private readonly Dictionary<string, string> _parameters;

    public TokenParameters(DpopTokenParameters given)
    {
        _scope = given.Scope;
        _resources = [.. given.Resources];
        _parameters = new Dictionary<string, string>(given.Parameters, StringComparer.Ordinal);
        IsEmpty = _scope is null && _resources.Length == 0 && _parameters.Count == 0;
        Identity = IsEmpty ? "" : Fingerprint.Of(
            [_scope, $"{_resources.Length}", .. _resources.Order(StringComparer.Ordinal), .. _parameters.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => (string[])[p.Key, p.Value])]);
    }

    /// <summary>Whether the client's options say it all.</summary>
    public bool IsEmpty { get; }

    /// <summary>Stands for all of it. Empty where there is nothing.</summary>
    public string Identity { get; }

    public string? Scope(DpopTokenOptions options) => _scope ?? options.Scope;

    public IEnumerable<string> Resources(DpopTokenOptions options) => _resources.Length > 0 ? _resources : options.Resources;

    /// <summary>As the caller wrote it.</summary>
    public DpopTokenParameters ToPublic()
    {
        DpopTokenParameters copy = new() { Scope = _scope };
        foreach (string resource in _resources)
        {
            copy.Resources.Add(resource);
        }

        foreach ((string name, string value) in _parameters)
        {
            copy.Parameters[name] = value;
        }

        return copy;
    }

    public IEnumerable<KeyValuePair<string, string>> Further(DpopTokenOptions options) => options.Parameters.Where(p => !_parameters.ContainsKey(p.Key)).Concat(_parameters);
}
