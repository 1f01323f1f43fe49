using System.Text.Json;
using DpopHttp.Shared;

namespace DpopHttp.Tokens.Endpoint.Metadata;

/// <summary>One document of metadata, or what is wrong with it.</summary>
/// <param name="Address">Where it was looked for.</param>
/// <param name="Metadata">What it says, or null.</param>
/// <param name="Fault">What is wrong with it, or null.</param>
/// <param name="IsTransient">Whether it may be there later.</param>
internal sealed record MetadataDocument(Uri Address, ServerMetadata? Metadata, string? Fault, bool IsTransient = false)
{
    public static MetadataDocument Parse(Uri address, Uri authority, byte[] content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(address, authority, document.RootElement)
                : new MetadataDocument(address, null, "the answer isn't a JSON object");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A text in it may be no text, such as half a surrogate pair.
            return new MetadataDocument(address, null, "the answer isn't JSON");
        }
    }

    private static MetadataDocument Read(Uri address, Uri authority, JsonElement members)
    {
        string? issuer = Text(members, "issuer"), endpoint = Text(members, "token_endpoint");
        string? fault = issuer switch
        {
            null => "it has no issuer",
            _ when !IsSame(issuer, authority) => $"it is the metadata of another issuer, '{ServerText.Clean(issuer)}'",
            _ when endpoint is null => "it has no token_endpoint",
            _ => null,
        };
        if (fault is not null)
        {
            return new MetadataDocument(address, null, fault);
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            return new MetadataDocument(address, null, $"its token_endpoint '{ServerText.Clean(endpoint)}' isn't an absolute https URI");
        }

        // Whoever lets a client call its API over http has not said so of the client's secrets.
        return authority.Scheme == Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttps
            ? new MetadataDocument(address, null, $"its token_endpoint '{ServerText.Clean(uri.GetLeftPart(UriPartial.Path))}' is not https")
            : new MetadataDocument(address, new ServerMetadata(issuer!, uri, Texts(members, "dpop_signing_alg_values_supported"), RequiresBoundTokens(members)), null);
    }

    /// <summary>A slash at the end is the only difference that is passed over: many servers write their name without it.</summary>
    private static bool IsSame(string issuer, Uri authority) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out Uri? named) && named.AbsoluteUri.TrimEnd('/') == authority.AbsoluteUri.TrimEnd('/');

    private static bool RequiresBoundTokens(JsonElement members) =>
        members.TryGetProperty("dpop_bound_access_tokens_required", out JsonElement required) && required.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement members, string name) =>
        members.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static string[] Texts(JsonElement members, string name) =>
        members.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Array
            ? [.. member.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];
}
