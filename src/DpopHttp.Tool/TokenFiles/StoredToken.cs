namespace DpopHttp.Tool.TokenFiles;

/// <summary>A token that 'dpop token' got, and where it may go.</summary>
internal sealed record StoredToken
{
    public required string Issuer { get; init; }

    public required string ClientId { get; init; }

    public required string AccessToken { get; init; }

    /// <summary>The thumbprint of the key that it was asked for with.</summary>
    public required string Thumbprint { get; init; }

    /// <summary>The origins of the APIs that it is for. It goes to no other.</summary>
    public required IReadOnlyList<string> Origins { get; init; }

    /// <summary>Null when the server didn't say.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public string? Scope { get; init; }

    public string? RefreshToken { get; init; }

    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Whether it has expired, or does so before a request with it arrives.</summary>
    public bool HasExpired(TimeProvider timeProvider) => ExpiresAt < timeProvider.GetUtcNow() + TimeSpan.FromSeconds(5);

    /// <summary>Whether it is for the URL's origin.</summary>
    public bool IsFor(Uri url) => Origins.Contains(url.GetLeftPart(UriPartial.Authority), StringComparer.OrdinalIgnoreCase);
}
