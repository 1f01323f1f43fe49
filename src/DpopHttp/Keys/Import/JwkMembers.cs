using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace DpopHttp.Keys;

/// <summary>The members of a JWK (RFC 7517 section 4). Messages name members, never their values.</summary>
internal readonly struct JwkMembers(JsonElement jwk)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads a JWK with <paramref name="read"/>.</summary>
    /// <exception cref="MalformedKeyException">The text is no JWK, or <paramref name="read"/> found a member missing or wrong.</exception>
    public static KeyPair Parse(string json, Func<JwkMembers, KeyPair> read)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new MalformedKeyException("The JWK is not a JSON object.");
            }

            JwkMembers jwk = new(document.RootElement);
            return jwk.Has("keys") && !jwk.Has("kty")
                ? throw new MalformedKeyException("The JSON is a JWK set: it has \"keys\". Give one key out of it (RFC 7517 section 5).")
                : read(jwk);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The cause is left out: it may quote the text.
            throw new MalformedKeyException(KeyText.DescribeInPlaceOfJwk(json) ?? "The JWK is not well-formed JSON, or has a member twice.");
        }
    }

    public bool Has(string member) => jwk.TryGetProperty(member, out _);

    public string Text(string member) => OptionalText(member) ?? throw new MalformedKeyException($"The JWK has no \"{member}\".");

    public string? OptionalText(string member)
    {
        if (!jwk.TryGetProperty(member, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new MalformedKeyException($"The JWK's \"{member}\" is not a string with content.");
    }

    public byte[] PrivateBytes(string member, int size) => Sized(member, PrivateBytes(member), size);

    /// <summary>A number in as few bytes as it takes (RFC 7518 section 2: Base64urlUInt), brought to <paramref name="size"/>.</summary>
    public byte[] PrivateInteger(string member, int size)
    {
        byte[] bytes = PrivateBytes(member);
        if (bytes.Length >= size)
        {
            return Sized(member, bytes, size);
        }

        byte[] padded = new byte[size];
        bytes.CopyTo(padded, size - bytes.Length);
        CryptographicOperations.ZeroMemory(bytes);
        return padded;
    }

    public byte[] Bytes(string member, int size) => Sized(member, Bytes(member), size);

    public byte[] Bytes(string member)
    {
        try
        {
            return Base64Url.DecodeFromChars(Text(member));
        }
        catch (FormatException)
        {
            throw new MalformedKeyException($"The JWK's \"{member}\" is not base64url.");
        }
    }

    private byte[] PrivateBytes(string member) => Has(member)
        ? Bytes(member)
        : throw new MalformedKeyException($"The JWK has no \"{member}\": the private key is needed, with all its members.");

    private static byte[] Sized(string member, byte[] bytes, int size) => bytes.Length == size
        ? bytes
        : throw new MalformedKeyException($"The JWK's \"{member}\" has {bytes.Length} bytes where {size} belong.");
}
