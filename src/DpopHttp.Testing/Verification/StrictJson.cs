using System.Text.Json;

namespace DpopHttp.Testing;

/// <summary>JSON with nothing in it that two parsers could read differently.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false };

    /// <summary>The members of the object, or null if this is no object, not JSON, or ambiguous.</summary>
    public static IReadOnlyDictionary<string, JsonElement>? ParseObject(ReadOnlySpan<byte> utf8)
    {
        try
        {
            JsonElement root = JsonElement.Parse(utf8, Options);
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            RequireReadableText(root);
            return root.EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal).AsReadOnly();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The member if it is there and a string.</summary>
    public static string? GetString(IReadOnlyDictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // The parser looks at encoding and escapes of text only when it is read, and throws then.
    private static void RequireReadableText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
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
                    _ = member.Name;
                    RequireReadableText(member.Value);
                }

                break;
        }
    }
}
