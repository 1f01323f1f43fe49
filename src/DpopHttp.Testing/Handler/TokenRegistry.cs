using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;

namespace DpopHttp.Testing;

/// <summary>Which key a token is bound to, and which tokens are refused.</summary>
internal sealed class TokenRegistry
{
    private readonly ConcurrentDictionary<string, string> _bindings = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _refused = new(StringComparer.Ordinal);

    public void Accept(string token, string thumbprint)
    {
        _bindings[token] = thumbprint;
        _refused.TryRemove(token, out _);
    }

    public void Refuse(string token) => _refused[token] = true;

    public bool IsRefused(string token) => _refused.ContainsKey(token);

    public string? ThumbprintOf(string token) => _bindings.GetValueOrDefault(token) ?? ConfirmationOf(token);

    // RFC 9449 section 6.1. A token that isn't a JWT names no key.
    private static string? ConfirmationOf(string token)
    {
        string[] parts = token.Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return null;
        }

        try
        {
            JsonElement claims = JsonElement.Parse(Base64Url.DecodeFromChars(parts[1]));
            return claims.ValueKind == JsonValueKind.Object
                && claims.TryGetProperty("cnf", out JsonElement confirmation)
                && confirmation.ValueKind == JsonValueKind.Object
                && confirmation.TryGetProperty("jkt", out JsonElement thumbprint)
                && thumbprint.ValueKind == JsonValueKind.String
                    ? thumbprint.GetString()
                    : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
