using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using DpopHttp.Tokens.Caching;
using DpopHttp.Tokens.Endpoint;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tokens.Grants;

/// <summary>The client's own token (RFC 6749 section 4.4).</summary>
internal sealed class ClientCredentialsGrant(TokenEndpoint endpoint, DpopClientCredentialsOptions options) : Grant(endpoint)
{
    private readonly string _identity = Identify(options);

    /// <summary>By the key, so that a token never meets another, and by everything that decides what the token is good for.</summary>
    public override string SharedEntry(DpopKey key) => $"DpopHttp:token:{key.Thumbprint}:{_identity}";

    public override async Task<IssuedToken> RequestAsync(DpopKey key, CancellationToken cancellationToken)
    {
        (TokenResponse response, IssuedToken token) = await Endpoint.RequestAsync(
            key,
            (http, target, cancellation) =>
            {
                ClientCredentialsTokenRequest request = target.Address(new ClientCredentialsTokenRequest { Scope = options.Scope }, options);
                foreach (string resource in options.Resource)
                {
                    request.Resource.Add(resource);
                }

                return http.RequestClientCredentialsTokenAsync(request, cancellation);
            },
            cancellationToken).ConfigureAwait(false);
        response.Dispose();
        return token;
    }

    private static string Identify(DpopClientCredentialsOptions options)
    {
        StringBuilder identity = new();
        foreach (string? part in (IEnumerable<string?>)
            [
                (options.Authority ?? options.TokenEndpoint)?.AbsoluteUri,
                options.ClientId,
                options.Scope,
                .. options.Resource.Order(StringComparer.Ordinal),
                .. options.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => (string[])[p.Key, p.Value]),
            ])
        {
            // With its length before it no part can be taken for two.
            identity.Append(part?.Length ?? -1).Append(':').Append(part);
        }

        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(identity.ToString())));
    }
}
