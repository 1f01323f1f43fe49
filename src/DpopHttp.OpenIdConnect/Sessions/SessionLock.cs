using DpopHttp.OpenIdConnect.Diagnostics;
using DpopHttp.Shared;
using Microsoft.Extensions.Logging;

namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>The lock of a session while it is held; nothing where the store has none. If it can't be given back, what was done under it is done all the same.</summary>
internal sealed class SessionLock(IAsyncDisposable? taken, string scheme, string id, ILogger logger) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        if (taken is null)
        {
            return;
        }

        try
        {
            await taken.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.StoreFailed(logger, StoreFault.Without(id, SessionShelf.Secret, exception), scheme);
        }
    }
}
