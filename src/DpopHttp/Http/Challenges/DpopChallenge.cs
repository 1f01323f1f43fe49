namespace DpopHttp;

/// <summary>A challenge of the scheme DPoP in a response's WWW-Authenticate field (RFC 9449 section 7.1).</summary>
public sealed class DpopChallenge
{
    internal DpopChallenge(IReadOnlyDictionary<string, string> parameters)
    {
        Error = parameters.GetValueOrDefault("error");
        ErrorDescription = parameters.GetValueOrDefault("error_description");
        Scope = parameters.GetValueOrDefault("scope");
        Algorithms = parameters.GetValueOrDefault("algs")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    /// <summary>The error code, such as <c>invalid_token</c>, <c>invalid_dpop_proof</c> or <c>use_dpop_nonce</c>; null if none was given.</summary>
    public string? Error { get; }

    /// <summary>The server's explanation for developers, or null. It is the server's text: do not show it to users unescaped.</summary>
    public string? ErrorDescription { get; }

    /// <summary>The JWS algorithms that the server takes for proofs, from <c>algs</c>; empty if it does not say.</summary>
    public IReadOnlyList<string> Algorithms { get; }

    /// <summary>The scope that the request needs (RFC 6750 section 3), or null.</summary>
    public string? Scope { get; }
}
