using System.Buffers.Text;
using System.Security.Claims;
using System.Text.Json;

namespace DpopHttp.AspNetCore;

/// <summary>Which key a token is bound to: RFC 9449 section 6, RFC 7800.</summary>
internal static class Confirmation
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The jkt of the only cnf claim. Two claims that differ name no key.</summary>
    public static string? ThumbprintOf(ClaimsPrincipal principal)
    {
        string? found = null;
        foreach (ClaimsIdentity identity in principal.Identities)
        {
            foreach (Claim claim in identity.Claims)
            {
                if (claim.Type == "cnf")
                {
                    if (found is not null && found != claim.Value)
                    {
                        return null;
                    }

                    found = claim.Value;
                }
            }
        }

        return found is null ? null : ThumbprintIn(found);
    }

    /// <summary>Whether anything says that the token is bound, whether it can be read or not: such a token is never a Bearer token.</summary>
    public static bool IsBound(ClaimsPrincipal principal, string? token) =>
        principal.HasClaim(claim => claim.Type == "cnf" && claim.Value.Contains("jkt", StringComparison.Ordinal)) || IsBoundJwt(token);

    // The scheme may not have kept the claim.
    private static bool IsBoundJwt(string? token)
    {
        string[] parts = token?.Split('.') ?? [];
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
        {
            return false;
        }

        try
        {
            using JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
            return claims.RootElement.ValueKind == JsonValueKind.Object
                && claims.RootElement.TryGetProperty("cnf", out JsonElement confirmation)
                && confirmation.ValueKind == JsonValueKind.Object
                && confirmation.TryGetProperty("jkt", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string? ThumbprintIn(string confirmation)
    {
        try
        {
            using JsonDocument members = JsonDocument.Parse(confirmation, Strict);
            return members.RootElement.ValueKind == JsonValueKind.Object
                && members.RootElement.TryGetProperty("jkt"u8, out JsonElement thumbprint)
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
