using DpopHttp.Verification;

namespace DpopHttp.AspNetCore.Tests.Support;

internal sealed class BrokenStore : DpopReplayStore
{
    public override ValueTask<bool> TryAddAsync(DpopReplayKey key, DateTimeOffset until, CancellationToken cancellationToken) =>
        throw new DpopReplayStoreException("The store is broken.");
}
