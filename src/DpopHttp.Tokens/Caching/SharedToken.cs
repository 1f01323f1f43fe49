using System.Text.Json.Serialization;

namespace DpopHttp.Tokens.Caching;

/// <summary>A token as other instances see it in the distributed cache. Without the key that it is bound to it is of no use.</summary>
/// <param name="AccessToken">The token.</param>
/// <param name="ObtainedAt">When it was asked for, in seconds of Unix time.</param>
/// <param name="ExpiresAt">When it expires, in seconds of Unix time.</param>
/// <param name="Mac">Says that a holder of the private key wrote the entry: see <see cref="EntrySeal"/>. Null where the key cannot be used for that.</param>
internal sealed record SharedToken(
    [property: JsonPropertyName("access_token")] string? AccessToken,
    [property: JsonPropertyName("obtained_at")] long ObtainedAt,
    [property: JsonPropertyName("expires_at")] long ExpiresAt,
    [property: JsonPropertyName("mac")] string? Mac);
