namespace DpopHttp.OpenIdConnect.Tests.Support;

/// <summary>Holds the app's renewals on their way to the server until they may go on.</summary>
internal sealed class HeldRenewal(Site site)
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously), _mayGoOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the first has come.</summary>
    public Task Arrived => _arrived.Task;

    public void Release() => _mayGoOn.SetResult();

    /// <summary>Stands before the network, see <see cref="Gate"/>.</summary>
    public async Task<HttpResponseMessage?> PassAsync(HttpRequestMessage request)
    {
        if (request.RequestUri == site.AuthorizationServer.TokenEndpoint && (await request.Content!.ReadAsStringAsync()).Contains("refresh_token"))
        {
            _arrived.TrySetResult();
            await _mayGoOn.Task;
        }

        return null;
    }
}
