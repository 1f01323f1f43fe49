using System.Text.Json;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Output;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tool.Serving;

/// <summary>Fetches the keys that an authorization server signs its tokens with (RFC 8414).</summary>
internal static class ForeignIssuer
{
    /// <exception cref="ToolException">There are none to be had.</exception>
    public static async Task<IReadOnlyList<SecurityKey>> FetchKeysAsync(Uri issuer, CancellationToken cancellationToken)
    {
        using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(15), MaxResponseContentBufferSize = 1024 * 1024 };
        foreach (Uri address in IssuerMetadata.AddressesOf(issuer))
        {
            using HttpResponseMessage response = await client.GetAsync(address, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                continue;
            }

            try
            {
                using JsonDocument metadata = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
                string jwks = metadata.RootElement.GetProperty("jwks_uri").GetString() ?? "";
                string text = await client.GetStringAsync(new Uri(jwks), cancellationToken).ConfigureAwait(false);
                return [.. new JsonWebKeySet(text).GetSigningKeys()];
            }
            catch (Exception exception) when (exception is JsonException or KeyNotFoundException or UriFormatException or InvalidOperationException or ArgumentException)
            {
                throw new ToolException($"The metadata or the keys of {issuer} can't be read: {exception.Message}", exception);
            }
        }

        throw new ToolException($"There is no metadata of the issuer {issuer}: looked for {string.Join(" and ", IssuerMetadata.AddressesOf(issuer))}.");
    }
}
