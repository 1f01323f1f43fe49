namespace DpopHttp.OpenIdConnect.Endpoint;

/// <summary>What a token endpoint answered to a renewal.</summary>
internal sealed record RenewalAnswer
{
    /// <summary>Null where there is none; then <see cref="Error"/> or <see cref="Fault"/> says why.</summary>
    public string? AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    public string? IdToken { get; init; }

    public DateTimeOffset ObtainedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The server's final refusal (RFC 6749 section 5.2), cleaned.</summary>
    public string? Error { get; init; }

    public string? ErrorDescription { get; init; }

    /// <summary>Why there is no token at this time, though there may be one later.</summary>
    public string? Fault { get; init; }

    /// <summary>How long the server wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
