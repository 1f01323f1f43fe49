using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tests.Support;

/// <summary>Access tokens as an issuer would make them; the client never verifies their signature.</summary>
internal static class JwtTokens
{
    public static string BoundTo(DpopKey key) => Jwt($$"""{"iss":"https://issuer.example","cnf":{"jkt":"{{key.Thumbprint}}"},"exp":1}""");

    public static string Jwt(string payload) =>
        $"{Base64UrlEncoder.Encode("""{"alg":"ES256","typ":"at+jwt"}""")}.{Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(payload))}.{Base64UrlEncoder.Encode("signature")}";
}
