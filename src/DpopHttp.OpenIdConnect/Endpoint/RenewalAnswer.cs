namespace DpopHttp.OpenIdConnect.Endpoint;

/// <summary>What a token endpoint answered to a renewal.</summary>
internal sealed record RenewalAnswer
{
    /// <summary>Null where there is none that can be used; then <see cref="Error"/>, <see cref="Fault"/> or <see cref="NotBound"/> says why.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The next one, also of an answer whose access token can't be used: the one that was sent is used up.</summary>
    public string? RefreshToken { get; init; }

    public string? IdToken { get; init; }

    public DateTimeOffset ObtainedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The server's final refusal (RFC 6749 section 5.2), cleaned.</summary>
    public string? Error { get; init; }

    public string? ErrorDescription { get; init; }

    /// <summary>Why there is no token at this time, though there may be one later.</summary>
    public string? Fault { get; init; }

    /// <summary>The access token isn't bound to the key.</summary>
    public DpopTokenException? NotBound { get; init; }

    /// <summary>How long the server wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
