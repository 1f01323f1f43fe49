using DpopHttp.OpenIdConnect.Diagnostics;
using DpopHttp.OpenIdConnect.Endpoint;
using Microsoft.Extensions.Logging;

namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>Tells the server that a session has ended (RFC 7009), if the options say so. Whatever fails is logged.</summary>
internal sealed class SessionRevocation(ServerEndpoints endpoints, Func<DpopOpenIdConnectOptions> options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public async Task RevokeAsync(SessionRecord ended, DpopKey key)
    {
        if (!options().RevokeOnSignOut)
        {
            return;
        }

        (string token, string kind) = ended.RefreshToken is { } refreshToken ? (refreshToken, "refresh_token") : (ended.AccessToken, "access_token");
        string? fault;
        try
        {
            using CancellationTokenSource timeout = new(Timeout, time);
            fault = await endpoints.RevokeAsync(token, kind, key, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            fault = exception.Message;
        }

        if (fault is not null)
        {
            Log.NotRevoked(logger, endpoints.Scheme, fault);
        }
    }
}
