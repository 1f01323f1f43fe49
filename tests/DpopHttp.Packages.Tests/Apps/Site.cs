using LoopbackServers;

namespace DpopHttp.Packages.Tests.Apps;

/// <summary>An authorization server and an API that both demand nonces, for programs that run beside the tests.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly LoopbackAuthorizationServer _authorizationServer;
    private readonly LoopbackApi _api;

    private Site(LoopbackAuthorizationServer authorizationServer, LoopbackApi api)
    {
        _authorizationServer = authorizationServer;
        _api = api;
    }

    /// <summary>Where the API is; it ends with a slash.</summary>
    public string Address => _api.BaseAddress.AbsoluteUri;

    /// <summary>What a client needs to know, as arguments of its command line.</summary>
    public string[] Settings =>
    [
        $"--Orders:Api={Address}",
        $"--Orders:Authority={_authorizationServer.Issuer}",
        $"--Orders:ClientId={_authorizationServer.ClientId}",
        $"--Orders:ClientSecret={_authorizationServer.ClientSecret}",
    ];

    public static async Task<Site> StartAsync()
    {
        LoopbackAuthorizationServer authorizationServer = await LoopbackAuthorizationServer.StartAsync(new());
        return new Site(authorizationServer, await LoopbackApi.StartAsync(new() { Issuer = authorizationServer.Issuer }));
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _authorizationServer.DisposeAsync();
    }
}
