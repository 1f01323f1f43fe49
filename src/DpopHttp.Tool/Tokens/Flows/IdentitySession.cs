using DpopHttp.Tool.Grants;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Output;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tool.Tokens.Flows;

/// <summary>An authorization server whose endpoints are known, and a client that sends proofs to it.</summary>
internal sealed class IdentitySession(HttpClient http, DiscoveryDocumentResponse server, ClientGrant grant, DpopKey key)
{
    public HttpClient Http { get; } = http;

    public DiscoveryDocumentResponse Server { get; } = server;

    public ClientGrant Grant { get; } = grant;

    public DpopKey Key { get; } = key;

    /// <summary>Reads the server's metadata, where RFC 8414 or where OpenID Connect puts it.</summary>
    /// <exception cref="ToolException">There is none.</exception>
    public static async Task<IdentitySession> BeginAsync(HttpClient http, ClientGrant grant, DpopKey key, bool allowInsecureHttp, CancellationToken cancellationToken)
    {
        List<string> errors = [];
        foreach (Uri address in IssuerMetadata.AddressesOf(grant.Issuer))
        {
            using DiscoveryDocumentRequest request = new()
            {
                Address = address.GetLeftPart(UriPartial.Authority),
                Policy =
                {
                    Authority = grant.Issuer.OriginalString.TrimEnd('/'),
                    DiscoveryDocumentPath = address.AbsolutePath,
                    RequireHttps = !allowInsecureHttp,
                    RequireKeySet = false,
                    ValidateEndpoints = false,
                },
            };
            DiscoveryDocumentResponse response = await http.GetDiscoveryDocumentAsync(request, cancellationToken).ConfigureAwait(false);
            if (!response.IsError)
            {
                return new IdentitySession(http, response, grant, key);
            }

            errors.Add(response.Error ?? "no metadata");
        }

        throw new ToolException(Printable.Clean($"The metadata of {grant.Issuer} can't be read. {string.Join(" ", errors.Select(error => error.TrimEnd('.') + '.'))}", 1000));
    }

    /// <summary>Puts address, client and resources into a request.</summary>
    /// <exception cref="ToolException">The server has no such endpoint.</exception>
    public T Prepare<T>(T request, string? endpoint, string name, bool hasResources = true)
        where T : ProtocolRequest
    {
        request.Address = endpoint ?? throw new ToolException($"{Grant.Issuer} has no {name} in its metadata, so it doesn't offer this.");
        request.ClientId = Grant.ClientId;
        request.ClientSecret = Grant.Secret;
        request.ClientCredentialStyle = Grant.Secret is null ? ClientCredentialStyle.PostBody : ClientCredentialStyle.AuthorizationHeader;
        foreach (string resource in hasResources ? Grant.Resources : [])
        {
            request.Parameters.Add("resource", resource);
        }

        return request;
    }

    /// <summary>The error of an answer for a sentence.</summary>
    public static string Describe(ProtocolResponse response, string? description) =>
        Printable.Clean($"{response.TryGet("error") ?? response.Error ?? response.HttpErrorReason ?? "no answer"}{(description is { Length: > 0 } text ? $", {text}" : "")}", 300);
}
