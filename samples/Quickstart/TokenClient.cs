using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Quickstart;

/// <summary>Asks for a token by hand: client_credentials with client_secret_basic (RFC 6749 sections 4.4 and 2.3.1).</summary>
internal sealed class TokenClient(HttpClient http)
{
    public async Task<string> GetTokenAsync(Uri tokenEndpoint, string clientId, string clientSecret)
    {
        byte[] credentials = Encoding.ASCII.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(clientSecret)}");
        using HttpRequestMessage request = new(HttpMethod.Post, tokenEndpoint)
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials)) },
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "orders")]),
        };
        using HttpResponseMessage response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();

        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        string? type = body.RootElement.GetProperty("token_type").GetString();

        // RFC 9449 section 5: any other type means that the server did not bind the token to the key.
        return "DPoP".Equals(type, StringComparison.OrdinalIgnoreCase)
            ? body.RootElement.GetProperty("access_token").GetString()!
            : throw new InvalidOperationException($"The token is of type {type} and not bound to a key.");
    }
}
