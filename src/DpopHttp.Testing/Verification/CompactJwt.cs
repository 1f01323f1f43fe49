using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json;

namespace DpopHttp.Testing;

/// <summary>A JWT in its compact form (RFC 7515 section 7.1), taken apart but not verified.</summary>
internal sealed record CompactJwt(
    IReadOnlyDictionary<string, JsonElement> Header,
    IReadOnlyDictionary<string, JsonElement> Claims,
    byte[] SigningInput,
    byte[] Signature)
{
    private const int MaxLength = 16 * 1024;

    public static readonly IReadOnlyDictionary<string, JsonElement> NoMembers = ReadOnlyDictionary<string, JsonElement>.Empty;

    /// <summary>Takes the text apart, or says why it cannot.</summary>
    public static CompactJwt? Parse(string text, out string? problem)
    {
        if (text.Length > MaxLength)
        {
            problem = $"The proof has {text.Length} characters; accepted are {MaxLength}.";
            return null;
        }

        string[] parts = text.Split('.');
        if (parts.Length != 3)
        {
            problem = $"The proof has {parts.Length} parts; a compact JWS has 3, divided by dots.";
            return null;
        }

        byte[][] decoded = new byte[3][];
        for (int i = 0; i < 3; i++)
        {
            if (!Base64UrlText.TryDecode(parts[i], out byte[]? bytes))
            {
                problem = $"Part {i + 1} of the proof is not base64url without padding.";
                return null;
            }

            decoded[i] = bytes;
        }

        if (StrictJson.ParseObject(decoded[0]) is not { } header || StrictJson.ParseObject(decoded[1]) is not { } claims)
        {
            problem = "The header or the payload of the proof is not a JSON object with distinct member names.";
            return null;
        }

        // RFC 7515 section 4.1.11: extensions that are not understood make the JWS invalid, and none is understood here.
        if (header.ContainsKey("crit"))
        {
            problem = "The proof has a crit header parameter; no extension is understood here.";
            return null;
        }

        problem = null;
        return new CompactJwt(header, claims, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), decoded[2]);
    }
}
