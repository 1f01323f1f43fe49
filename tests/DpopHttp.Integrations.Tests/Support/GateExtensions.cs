namespace DpopHttp.Integrations.Tests.Support;

/// <summary>What a call costs on the wire, by what the client knows.</summary>
internal static class GateExtensions
{
    /// <summary>A challenge the first time and after a rotation, and none in between. A call that isn't answered throws.</summary>
    public static async Task AssertOneChallengeForEachNonceAsync(this Gate gate, Func<Task> call)
    {
        await call();
        Assert.Equal([401, 200], gate.TakeStatuses());
        await call();
        Assert.Equal([200], gate.TakeStatuses());
        gate.Rotate();
        await call();
        Assert.Equal([401, 200], gate.TakeStatuses());
    }
}
