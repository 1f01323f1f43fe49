namespace DpopHttp.OpenIdConnect.Tests.Support;

/// <summary>An authorization server, an API and a clock for their client; the three move together.</summary>
internal sealed class Site : IAsyncDisposable
{
    private Site(AuthorizationServer authorizationServer, ResourceServer api) => (AuthorizationServer, Api) = (authorizationServer, api);

    public static TimeSpan TokenLifetime { get; } = TimeSpan.FromMinutes(10);

    public AuthorizationServer AuthorizationServer { get; }

    public ResourceServer Api { get; }

    public MovedTime Time { get; } = new();

    public static async Task<Site> StartAsync()
    {
        NodeRequirement.Demand();
        AuthorizationServer authorizationServer = await AuthorizationServer.StartAsync(new() { AccessTokenSeconds = (int)TokenLifetime.TotalSeconds });
        return new Site(authorizationServer, await ResourceServer.StartAsync(authorizationServer));
    }

    public async Task AdvanceAsync(TimeSpan time)
    {
        Time.Advance(time);
        await AuthorizationServer.AdvanceAsync(time);
        await Api.AdvanceAsync(time);
    }

    public Task OutliveTokensAsync() => AdvanceAsync(TokenLifetime + TimeSpan.FromMinutes(1));

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await AuthorizationServer.DisposeAsync();
    }
}
