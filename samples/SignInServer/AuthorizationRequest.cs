using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace SignInServer;

/// <summary>What an app asked for, as far as this server needs it.</summary>
internal sealed record AuthorizationRequest(string RedirectUri, string State, string Nonce, string CodeChallenge, string? Thumbprint)
{
    /// <summary>The request, or null if something is missing. Apps of this machine only.</summary>
    public static AuthorizationRequest? Read(Func<string, StringValues> parameter, string? provenThumbprint)
    {
        string redirectUri = parameter("redirect_uri").ToString(), challenge = parameter("code_challenge").ToString();
        string? thumbprint = parameter("dpop_jkt").ToString() is { Length: > 0 } named ? named : provenThumbprint;
        return Uri.TryCreate(redirectUri, UriKind.Absolute, out Uri? uri) && uri.IsLoopback && challenge.Length > 0 && (provenThumbprint is null || provenThumbprint == thumbprint)
            ? new AuthorizationRequest(redirectUri, parameter("state").ToString(), parameter("nonce").ToString(), challenge, thumbprint)
            : null;
    }

    public string Answer(string code, string issuer) =>
        $"{RedirectUri}?code={code}&state={Uri.EscapeDataString(State)}&iss={Uri.EscapeDataString(issuer)}";

    /// <summary>PKCE (RFC 7636 section 4.6), and the key (RFC 9449 section 10).</summary>
    public bool IsRedeemedBy(string verifier, string thumbprint) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))) == CodeChallenge && (Thumbprint is null || Thumbprint == thumbprint);
}
