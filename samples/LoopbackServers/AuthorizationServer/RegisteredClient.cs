using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace LoopbackServers.AuthorizationServer;

/// <summary>The one client that the authorization server knows. Its secret is made at run time unless one is given.</summary>
internal sealed class RegisteredClient(string? secret)
{
    public string Id { get; } = "orders-client";

    public string Secret { get; } = secret ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>client_secret_basic: Basic, of the form-encoded id and secret (RFC 6749 section 2.3.1).</summary>
    public bool IsAuthenticatedBy(string? authorization)
    {
        if (!AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? header)
            || !"Basic".Equals(header.Scheme, StringComparison.OrdinalIgnoreCase)
            || !TryDecode(header.Parameter, out string credentials))
        {
            return false;
        }

        string[] parts = credentials.Split(':', 2);
        return parts.Length == 2 && WebUtility.UrlDecode(parts[0]) == Id && IsSecret(WebUtility.UrlDecode(parts[1]));
    }

    // In constant time, so that how long the answer takes says nothing about the secret.
    private bool IsSecret(string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(Secret));

    private static bool TryDecode(string? base64, out string text)
    {
        byte[] bytes = new byte[base64?.Length ?? 0];
        bool isBase64 = Convert.TryFromBase64String(base64 ?? "", bytes, out int length);
        text = Encoding.UTF8.GetString(bytes, 0, length);
        return isBase64;
    }
}
