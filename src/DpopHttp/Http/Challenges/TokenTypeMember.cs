using System.Text.Json;
using DpopHttp.Http.Requests;

namespace DpopHttp.Http.Challenges;

/// <summary>The member "token_type" of a token answer (RFC 6749 section 5.1, RFC 9449 section 5).</summary>
internal static class TokenTypeMember
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The same text with Bearer in the place of DPoP, or null if the text is no JSON object that says DPoP.</summary>
    public static byte[]? PresentAsBearer(ReadOnlySpan<byte> json)
    {
        int start = json.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        try
        {
            return Find(json[start..]) is { } value
                ? [.. json[..(start + value.Start.Value)], .. "\"Bearer\""u8, .. json[(start + value.End.Value)..]]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Where the value DPoP stands, with its quotation marks.</summary>
    private static Range? Find(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isTokenType = reader.ValueTextEquals("token_type"u8);
            reader.Read();
            if (isTokenType)
            {
                return reader.TokenType == JsonTokenType.String && DpopScheme.Is(reader.GetString())
                    ? (int)reader.TokenStartIndex..(int)reader.BytesConsumed
                    : null;
            }

            reader.Skip();
        }

        return null;
    }
}
