namespace LoopbackServers.Api;

/// <summary>What became of an access token: the key that it is bound to, or the check that failed.</summary>
internal sealed record TokenVerdict(string? Thumbprint, TokenCheck? FailedCheck = null, string? Reason = null)
{
    public static TokenVerdict Refused(TokenCheck check, string reason) => new(null, check, reason);
}
