namespace DpopHttp.Http.Requests;

/// <summary>The authentication scheme of RFC 9449 section 7.1, and the one of RFC 6750. Schemes are compared ignoring case.</summary>
internal static class DpopScheme
{
    public const string Name = "DPoP";

    public const string Bearer = "Bearer";

    /// <summary>The field that carries the proof (RFC 9449 section 4.1).</summary>
    public const string ProofHeader = "DPoP";

    public static bool Is(ReadOnlySpan<char> scheme) => scheme.Equals(Name, StringComparison.OrdinalIgnoreCase);

    public static bool IsBearer(ReadOnlySpan<char> scheme) => scheme.Equals(Bearer, StringComparison.OrdinalIgnoreCase);
}
