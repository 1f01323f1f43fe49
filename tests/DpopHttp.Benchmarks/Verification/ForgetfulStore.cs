using DpopHttp.Verification;

namespace DpopHttp.Benchmarks.Verification;

/// <summary>Takes every proof for new, so that one proof can be verified many times.</summary>
internal sealed class ForgetfulStore : DpopReplayStore
{
    public override ValueTask<bool> TryAddAsync(DpopReplayKey key, DateTimeOffset until, CancellationToken cancellationToken) =>
        ValueTask.FromResult(key != default);
}
