namespace DpopHttp.Tool.Proxies;

/// <summary>The bytes of a connection that has switched to another protocol, such as WebSocket (RFC 6455).</summary>
internal static class Tunnel
{
    /// <summary>Hands them on in both directions until one side has no more.</summary>
    public static async Task RunAsync(Stream caller, Stream api, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] directions = [caller.CopyToAsync(api, end.Token), api.CopyToAsync(caller, end.Token)];
        await Task.WhenAny(directions).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(directions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
