using System.Text.Json;

namespace DpopHttp.Http.Challenges;

/// <summary>Finds the member "error" of a JSON object of which perhaps only the beginning is there.</summary>
internal static class ErrorMember
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>False: more of the text is needed. True: the question is decided, with null where the object names no error.</summary>
    public static bool TryFind(ReadOnlySpan<byte> json, out string? error)
    {
        error = null;
        try
        {
            return TryFindMember(json.StartsWith(ByteOrderMark) ? json[ByteOrderMark.Length..] : json, ref error);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return true;
        }
    }

    private static bool TryFindMember(ReadOnlySpan<byte> json, ref string? error)
    {
        Utf8JsonReader reader = new(json, isFinalBlock: false, state: default);
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return true;
        }

        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return true;
            }

            bool isError = reader.ValueTextEquals("error"u8);
            if (isError ? !reader.Read() : !reader.TrySkip())
            {
                return false;
            }

            if (isError)
            {
                error = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                return true;
            }
        }

        return false;
    }
}
