namespace DpopHttp.Tool.Probing;

/// <summary>One thing that a protected resource must refuse, or must accept.</summary>
/// <param name="Id">For scripts.</param>
/// <param name="Name">For readers.</param>
/// <param name="Section">The section that asks for it, of RFC 9449 unless another is named.</param>
/// <param name="Create">Makes the DPoP headers of the request.</param>
internal sealed record ProbeRow(string Id, string Name, string Section, Func<ProofForge, ProbeFacts, string[]> Create)
{
    /// <summary>The scheme that the token goes with; null to send none.</summary>
    public string? Scheme { get; init; } = "DPoP";

    /// <summary>Whether the request must be accepted.</summary>
    public bool IsGood { get; init; }

    /// <summary>Whether a fresh nonce in the proof makes up for it (section 4.3, item 11).</summary>
    public bool IsExcusedByNonce { get; init; }

    /// <summary>Whether the same headers are sent twice, and the second answer counts.</summary>
    public bool IsTwice { get; init; }

    /// <summary>Whether it is made only where the server demands nonces.</summary>
    public bool NeedsNonce { get; init; }
}
