namespace DpopHttp;

/// <summary>
/// What the token of one request is for, where that is something else than the client's options say: a tenant, a narrower scope, another resource. Each combination
/// has a token of its own.
/// </summary>
public sealed class DpopTokenParameters
{
    /// <summary>The scope to ask for, values separated by spaces (RFC 6749 section 3.3). Null (the default): that of the options.</summary>
    public string? Scope { get; init; }

    /// <summary>The resources that the token is for (RFC 8707), in place of those of the options. Empty (the default): those of the options.</summary>
    public ICollection<string> Resources { get; } = [];

    /// <summary>
    /// Further parameters of the token request, such as <c>audience</c>, beside those of the options; one of the same name takes its place. A token source of the
    /// application's own may take anything here that tells its tokens apart.
    /// </summary>
    public IDictionary<string, string> Parameters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
