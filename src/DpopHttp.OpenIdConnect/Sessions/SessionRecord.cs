using System.Text.Json.Serialization;

namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>What is kept of a user's session. It never goes anywhere but through <see cref="SessionSeal"/>.</summary>
internal sealed record SessionRecord
{
    /// <summary>The session's own identifier: an entry that was put in another's place is found out.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    [JsonPropertyName("obtained_at")]
    public required DateTimeOffset ObtainedAt { get; init; }

    [JsonPropertyName("expires_at")]
    public required DateTimeOffset ExpiresAt { get; init; }

    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    /// <summary>Tells the server at sign-out who it is.</summary>
    [JsonPropertyName("id_token")]
    public string? IdToken { get; init; }

    /// <summary>The key that the tokens are bound to.</summary>
    [JsonPropertyName("jkt")]
    public required string Thumbprint { get; init; }

    /// <summary>The private key of the session, or null where the app has one for all.</summary>
    [JsonPropertyName("jwk")]
    public string? PrivateJwk { get; init; }

    /// <summary>Why the server doesn't renew the tokens any more, or null.</summary>
    [JsonPropertyName("refused")]
    public string? Refused { get; init; }

    [JsonPropertyName("refused_description")]
    public string? RefusedDescription { get; init; }

    public override string ToString() => $"session of the key {Thumbprint}";
}
