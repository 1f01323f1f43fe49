using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DpopHttp.Benchmarks;

/// <summary>A request of the usual size.</summary>
internal static class Sample
{
    private const int JwtLength = 1024;

    public static readonly Uri Uri = new("https://api.example.com/v1/orders/4711?expand=items");

    /// <summary>32 random bytes, as many servers make them.</summary>
    public static readonly string OpaqueToken = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static readonly string Nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>A JWT access token of 1,024 characters that is bound to the key (RFC 9449 section 6.1).</summary>
    public static string JwtToken(DpopKey key)
    {
        string header = Encode("""{"typ":"at+jwt","alg":"ES256","kid":"2026-01"}""");
        string signature = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(64));
        string Payload(int padding) => Encode($$$"""
            {"iss":"https://login.example.com","sub":"248289761001","roles":"{{{new string('r', padding)}}}","cnf":{"jkt":"{{{key.Thumbprint}}}"}}
            """);

        int padding = (JwtLength - header.Length - signature.Length - Payload(0).Length - 2) * 3 / 4;
        return $"{header}.{Payload(padding)}.{signature}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(json));
}
