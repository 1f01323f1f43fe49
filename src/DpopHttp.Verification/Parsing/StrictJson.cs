using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace DpopHttp.Verification;

/// <summary>JSON with nothing in it that two parsers could read differently.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>The document if it is an unambiguous object; otherwise null.</summary>
    public static JsonDocument? ParseObject(ReadOnlyMemory<byte> utf8)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(utf8, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                RequireReadableText(document.RootElement);
                return document;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that cannot be read.
        }

        document?.Dispose();
        return null;
    }

    /// <summary>The member if it is there and a string.</summary>
    public static string? GetString(JsonElement members, ReadOnlySpan<byte> name) =>
        TryGetText(members, name, out JsonElement value) ? value.GetString() : null;

    /// <summary>Whether the member is there and a string.</summary>
    public static bool TryGetText(JsonElement members, ReadOnlySpan<byte> name, out JsonElement value) =>
        members.TryGetProperty(name, out value) && value.ValueKind == JsonValueKind.String;

    /// <summary>Reads the member if it is there and a number.</summary>
    public static bool TryGetNumber(JsonElement members, ReadOnlySpan<byte> name, out double number)
    {
        number = 0;
        return members.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number);
    }

    // The parser looks at the encoding and the escapes of text only when it is read, and throws then.
    private static void RequireReadableText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                RequireReadable(element);
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    RequireReadableText(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    if (!IsPlain(JsonMarshal.GetRawUtf8PropertyName(member)))
                    {
                        _ = member.Name;
                    }

                    RequireReadableText(member.Value);
                }

                break;
        }
    }

    private static void RequireReadable(JsonElement text)
    {
        if (!IsPlain(JsonMarshal.GetRawUtf8Value(text)))
        {
            _ = text.GetString();
        }
    }

    // Plain ASCII without an escape is always readable, and making a string of it would be wasted.
    private static bool IsPlain(ReadOnlySpan<byte> raw) => Ascii.IsValid(raw) && !raw.Contains((byte)'\\');
}
