namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>The OpenID Connect schemes that have DPoP.</summary>
internal sealed class OpenIdConnectSchemes(IEnumerable<OpenIdConnectScheme> schemes)
{
    public IReadOnlyList<string> Names { get; } = [.. schemes.Select(scheme => scheme.Name).Distinct(StringComparer.Ordinal)];
}
