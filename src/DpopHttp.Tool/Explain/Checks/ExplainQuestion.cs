namespace DpopHttp.Tool.Explain.Checks;

/// <summary>A proof and what is known of the request that it came with; what isn't known is null and isn't checked.</summary>
internal sealed record ExplainQuestion
{
    /// <summary>The values of the DPoP header fields.</summary>
    public required IReadOnlyList<string> Proofs { get; init; }

    /// <summary>The moment at which the proof is judged.</summary>
    public required DateTimeOffset Time { get; init; }

    public string? Method { get; init; }

    /// <summary>What the client called.</summary>
    public string? Url { get; init; }

    /// <summary>What the server saw after every proxy between the two.</summary>
    public string? SeenUrl { get; init; }

    public string? Token { get; init; }

    /// <summary>The scheme that the token came with.</summary>
    public string? Scheme { get; init; }

    /// <summary>The thumbprint of the key that the token is bound to, for tokens that can't be read.</summary>
    public string? BoundThumbprint { get; init; }

    /// <summary>The nonce that the server demands.</summary>
    public string? Nonce { get; init; }

    public TimeSpan MaxAge { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan Skew { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The status of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>The nonce that came with the answer.</summary>
    public string? NonceGiven { get; init; }

    /// <summary>Whether an earlier request of the same recording had the same proof.</summary>
    public bool? IsRepeated { get; init; }

    /// <summary>What the server compares htu with.</summary>
    public string? EffectiveUrl => SeenUrl ?? Url;
}
