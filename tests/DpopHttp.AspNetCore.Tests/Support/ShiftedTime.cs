namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>The system's clock, moved.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
