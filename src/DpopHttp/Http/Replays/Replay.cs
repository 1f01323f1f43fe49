namespace DpopHttp.Http.Replays;

/// <summary>The decision to send a request once more, because another proof, token or expectation can cure the refusal.</summary>
/// <param name="Reason">What is to be cured.</param>
/// <param name="Nonce">The nonce for the next proof: the one that this refusal brought, else the one that was sent.</param>
/// <param name="ClockOffset">For <see cref="ReplayReason.Clock"/>: the server's time less ours.</param>
internal sealed record Replay(ReplayReason Reason, string? Nonce, TimeSpan ClockOffset = default);
