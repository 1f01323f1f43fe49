namespace DpopHttp.Tool.Http;

/// <summary>Where authorization servers publish their metadata.</summary>
internal static class IssuerMetadata
{
    /// <summary>RFC 8414 section 3.1 puts the well-known part before the path of the issuer, OpenID Connect Discovery 1.0 section 4 after it.</summary>
    public static IReadOnlyList<Uri> AddressesOf(Uri issuer)
    {
        string path = issuer.AbsolutePath.TrimEnd('/');
        string origin = issuer.GetLeftPart(UriPartial.Authority);
        return [new($"{origin}/.well-known/oauth-authorization-server{path}"), new($"{origin}{path}/.well-known/openid-configuration")];
    }
}
