using System.Text.Json.Serialization;

namespace DpopHttp.Tokens.RefreshTokens;

/// <summary>A refresh token in its file.</summary>
internal sealed record RefreshTokenRecord(
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("jkt")] string? KeyThumbprint);
