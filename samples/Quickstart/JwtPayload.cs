using System.Buffers.Text;
using System.Text.Json;

namespace Quickstart;

internal static class JwtPayload
{
    /// <summary>Reads a token's claims to show them. A client has no need to: to it, tokens are opaque (RFC 9068 section 6).</summary>
    public static JsonElement Read(string token) =>
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(token.Split('.')[1]));
}
