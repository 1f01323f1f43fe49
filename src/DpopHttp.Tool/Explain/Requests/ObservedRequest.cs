namespace DpopHttp.Tool.Explain.Requests;

/// <summary>A request as somebody recorded it; what isn't known is null.</summary>
internal sealed record ObservedRequest
{
    /// <summary>The values of its DPoP header fields.</summary>
    public required IReadOnlyList<string> Proofs { get; init; }

    public string? Method { get; init; }

    public string? Url { get; init; }

    /// <summary>The value of its Authorization header.</summary>
    public string? Authorization { get; init; }

    /// <summary>When it was sent, by the recording.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The status of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>The nonce that came with the answer.</summary>
    public string? NonceGiven { get; init; }
}
