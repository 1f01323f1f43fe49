using DpopHttp.Http.Requests;

namespace DpopHttp.Http.Authorization;

/// <summary>Asks whoever put a token on a request for another one.</summary>
internal static class TokenRenewal
{
    public static bool IsPossible(HttpRequestMessage request, RequestToken token) => token.Token is not null && request.GetDpopTokenRenewal() is not null;

    /// <summary>Another token than the refused one, or null if there is none.</summary>
    public static async ValueTask<string?> TryRenewAsync(HttpRequestMessage request, string refused, bool async, CancellationToken cancellationToken)
    {
        if (request.GetDpopTokenRenewal() is not { } renew)
        {
            return null;
        }

        ValueTask<string?> renewal = renew(refused, cancellationToken);

        // A synchronous send has nothing else to do than to wait, see DpopHttpRequestMessageExtensions.SetDpopTokenRenewal.
        string? renewed = async ? await renewal.ConfigureAwait(false) : renewal.AsTask().GetAwaiter().GetResult();
        return renewed == refused ? null : renewed;
    }
}
