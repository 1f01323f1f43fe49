using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>A proof taken apart as far as it can be, also when it isn't well-formed. Nothing that is found here is verified.</summary>
internal sealed class ProofText
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement.Clone();

    private ProofText(string[] parts)
    {
        Parts = parts;
        Header = ReadObject(parts[0]) ?? Nothing;
        Claims = (parts.Length > 1 ? ReadObject(parts[1]) : null) ?? Nothing;
        Signature = parts.Length > 2 ? Decode(parts[2]) ?? [] : [];
    }

    public string[] Parts { get; }

    public JsonElement Header { get; }

    public JsonElement Claims { get; }

    public byte[] Signature { get; }

    /// <summary>The bytes that are signed.</summary>
    public byte[] SigningInput => Encoding.UTF8.GetBytes(string.Join('.', Parts.Take(2)));

    public static ProofText Read(string text) => new(text.Split('.'));

    /// <summary>The member if it is there and a string.</summary>
    public static string? Text(JsonElement members, string name) =>
        members.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Base64url with or without padding, and base64.</summary>
    public static byte[]? Decode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text.TrimEnd('=').Replace('+', '-').Replace('/', '_'));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static JsonElement? ReadObject(string part)
    {
        try
        {
            using JsonDocument? document = Decode(part) is { } json ? JsonDocument.Parse(json) : null;
            return document?.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
