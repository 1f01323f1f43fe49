using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace LoopbackServers.Api;

/// <summary>Fetches the keys of an authorization server by way of its metadata (RFC 8414 section 3).</summary>
internal static class IssuerKeys
{
    public static async Task<IList<SecurityKey>> FetchAsync(string issuer)
    {
        using HttpClient http = new();
        JsonElement metadata = await http.GetFromJsonAsync<JsonElement>(new Uri($"{issuer}/.well-known/oauth-authorization-server"));

        // RFC 8414 section 3.3: metadata that names another issuer must not be used.
        if (metadata.GetProperty("issuer").GetString() != issuer)
        {
            throw new InvalidOperationException($"The metadata of {issuer} is another issuer's.");
        }

        return new JsonWebKeySet(await http.GetStringAsync(metadata.GetProperty("jwks_uri").GetString())).GetSigningKeys();
    }
}
