namespace DpopHttp.Http.Replays;

/// <summary>How a request that was sent once more ended.</summary>
internal enum ReplayOutcome
{
    /// <summary>It was not refused.</summary>
    Accepted,

    /// <summary>It was refused again for the same reason.</summary>
    Refused,

    /// <summary>It was refused for another reason.</summary>
    RefusedOtherwise,

    /// <summary>It had no answer.</summary>
    Failed,

    /// <summary>It was not sent, because the body could not be.</summary>
    Impossible,
}
