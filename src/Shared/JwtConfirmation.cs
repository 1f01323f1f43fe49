using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace DpopHttp.Shared;

/// <summary>Reads cnf.jkt from a JWT access token (RFC 9449 section 6.1, RFC 7800 section 3.1) without judging the token.</summary>
internal static class JwtConfirmation
{
    /// <summary>Longer tokens are taken for opaque: servers refuse headers of this size.</summary>
    private const int MaximumTokenLength = 32 * 1024;

    /// <summary>The thumbprint, or null for anything that is not a readable JWS with that member.</summary>
    public static string? ReadThumbprint(string token)
    {
        if (token.Length > MaximumTokenLength || !TryGetPayload(token, out ReadOnlySpan<char> payload))
        {
            return null;
        }

        byte[] json = ArrayPool<byte>.Shared.Rent(Base64Url.GetMaxDecodedLength(payload.Length));
        try
        {
            return Base64Url.TryDecodeFromChars(payload, json, out int length) ? FindThumbprint(json.AsSpan(0, length)) : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(json, clearArray: true);
        }
    }

    /// <summary>A JWS has three parts; a JWE has five and cannot be read here.</summary>
    private static bool TryGetPayload(ReadOnlySpan<char> token, out ReadOnlySpan<char> payload)
    {
        Span<Range> parts = stackalloc Range[4];
        bool isJws = token.Split(parts, '.') == 3;
        payload = isJws ? token[parts[1]] : default;
        return isJws;
    }

    private static string? FindThumbprint(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        return TryEnter(ref reader, "cnf"u8, JsonTokenType.StartObject) && TryEnter(ref reader, "jkt"u8, JsonTokenType.String)
            ? reader.GetString()
            : null;
    }

    /// <summary>Moves to the value of <paramref name="member"/> in the object that the reader is at, if it is of the type.</summary>
    private static bool TryEnter(ref Utf8JsonReader reader, ReadOnlySpan<byte> member, JsonTokenType type)
    {
        if (reader.TokenType == JsonTokenType.None && !(reader.Read() && reader.TokenType == JsonTokenType.StartObject))
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool found = reader.ValueTextEquals(member);
            reader.Read();
            if (found)
            {
                return reader.TokenType == type;
            }

            reader.Skip();
        }

        return false;
    }
}
