using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Caching;
using DpopHttp.Tokens.Diagnostics;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Tokens.Requests;

/// <summary>Gives each request the client's own token.</summary>
internal sealed class TokenHandler(TokenSource source, HomeOrigin home, ILogger logger) : AuthorizingHandler(home)
{
    /// <summary>The key goes with the token: it may be rotated before the handler inside looks.</summary>
    protected override async ValueTask AuthorizeAsync(HttpRequestMessage request, bool async, CancellationToken cancellationToken)
    {
        TokenSlot slot = async
            ? await source.SlotForAsync(request.GetDpopTokenParameters(), cancellationToken).ConfigureAwait(false)
            : source.SlotFor(request.GetDpopTokenParameters());
        IssuedToken token = await slot.GetAsync(cancellationToken).ConfigureAwait(false);
        source.HasGivenToken();
        request.Headers.Authorization = token.Header;
        request.SetDpopKey(token.Key);
        request.SetDpopTokenRenewal((_, cancellation) => slot.ReplaceAsync(token, cancellation));
    }

    protected override void NoteOwnAuthorization()
    {
        if (source.LogsOwnAuthorization())
        {
            Log.OwnAuthorization(logger, source.Client);
        }
    }
}
