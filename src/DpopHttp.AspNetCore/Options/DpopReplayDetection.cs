namespace DpopHttp.AspNetCore;

/// <summary>How the API knows that a proof was used before (RFC 9449 section 11.1).</summary>
public enum DpopReplayDetection
{
    /// <summary>By the replay store that is registered, or by the memory of this process when there is none.</summary>
    Automatic,

    /// <summary>By the memory of this process, whatever is registered. Right for one instance only.</summary>
    Memory,

    /// <summary>By the replay store that is registered. It is an error at start-up when there is none.</summary>
    Shared,

    /// <summary>Not at all: whoever sees a proof can use it again for as long as it is accepted, for the same request.</summary>
    Off,
}
