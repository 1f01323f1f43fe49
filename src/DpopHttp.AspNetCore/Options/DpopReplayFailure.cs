namespace DpopHttp.AspNetCore;

/// <summary>What becomes of a request when the replay store doesn't answer, or is full.</summary>
public enum DpopReplayFailure
{
    /// <summary>It is refused with 503 and Retry-After.</summary>
    Refuse,

    /// <summary>It is accepted, and an error is logged: a proof can then be used again.</summary>
    Accept,
}
