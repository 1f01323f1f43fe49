namespace DpopHttp.Http.Challenges;

/// <summary>A refusal that the same request can cure with another proof.</summary>
/// <param name="Reason">Why the next attempt may succeed.</param>
/// <param name="Nonce">The nonce for it.</param>
/// <param name="ClockOffset">For <see cref="ReplayReasons.Clock"/>: the server's time less ours.</param>
internal sealed record Challenge(ReplayReasons Reason, string? Nonce, TimeSpan ClockOffset = default);
