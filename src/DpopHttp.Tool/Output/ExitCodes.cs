namespace DpopHttp.Tool.Output;

/// <summary>What the process ends with.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>What was looked at is not right: a proof that isn't valid, an API with findings.</summary>
    public const int NotValid = 1;

    /// <summary>The command couldn't do its work: wrong arguments, an unreadable file, no connection.</summary>
    public const int Error = 2;

    /// <summary>The server answered with a status of 400 or more; the same code as curl's --fail.</summary>
    public const int HttpError = 22;

    /// <summary>Ended by Ctrl+C: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;
}
