using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Support;

/// <summary>A clock that somebody sets: its time of day jumps, and what passes in the meantime does not.</summary>
internal sealed class SetTime() : FakeTimeProvider(System.GetUtcNow())
{
    public TimeSpan Offset { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;

    /// <summary>The base's is its time of day.</summary>
    public override long GetTimestamp() => base.GetTimestamp() - Offset.Ticks;
}
