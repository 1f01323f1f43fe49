using DpopHttp.Interop.Tests.Servers;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>oidc-provider, which demands nonces everywhere, an API that takes its tokens, and a clock for their clients; the three move together.</summary>
internal sealed class GrantSite : IAsyncDisposable
{
    private GrantSite(AuthorizationServer authorizationServer, ResourceServer api, LoopbackCertificate? certificate) =>
        (AuthorizationServer, Api, Certificate) = (authorizationServer, api, certificate);

    /// <summary>How long access tokens live.</summary>
    public static TimeSpan TokenLifetime { get; } = TimeSpan.FromMinutes(10);

    public AuthorizationServer AuthorizationServer { get; }

    public ResourceServer Api { get; }

    /// <summary>Null over plain http.</summary>
    public LoopbackCertificate? Certificate { get; }

    public MovedTime Time { get; } = new();

    public static async Task<GrantSite> StartAsync(bool tls)
    {
        LoopbackCertificate? certificate = tls ? new LoopbackCertificate() : null;
        AuthorizationServer authorizationServer = await AuthorizationServer.StartAsync(new()
        {
            Nonces = NonceMode.Required,
            AccessTokenSeconds = (int)TokenLifetime.TotalSeconds,
            Certificate = certificate,
        });
        return new GrantSite(authorizationServer, await ResourceServer.StartAsync(authorizationServer, certificate: certificate), certificate);
    }

    public async Task AdvanceAsync(TimeSpan time)
    {
        Time.Advance(time);
        await AuthorizationServer.AdvanceAsync(time);
        await Api.AdvanceAsync(time);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await AuthorizationServer.DisposeAsync();
        Certificate?.Dispose();
    }
}
