namespace DpopHttp.Tokens.Requests;

/// <summary>
/// Gives each request a token, outside of <see cref="DpopHandler"/>, which proves it. A request that comes with an Authorization header keeps it.
/// </summary>
/// <param name="home">Where the tokens may go.</param>
internal abstract class AuthorizingHandler(HomeOrigin home) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!WantsToken(request))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        await AuthorizeAsync(request, async: true, cancellationToken).ConfigureAwait(false);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            RemoveAuthorization(request);
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!WantsToken(request))
        {
            return base.Send(request, cancellationToken);
        }

        // A token request runs on the thread pool by itself: to wait for it here blocks no one else.
        AuthorizeAsync(request, async: false, cancellationToken).AsTask().GetAwaiter().GetResult();
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            RemoveAuthorization(request);
        }
    }

    /// <summary>Puts token, key and renewal on the request.</summary>
    protected abstract ValueTask AuthorizeAsync(HttpRequestMessage request, bool async, CancellationToken cancellationToken);

    /// <summary>Logs, once for a client, that a request has come with an Authorization header of its own.</summary>
    protected abstract void NoteOwnAuthorization();

    private bool WantsToken(HttpRequestMessage request)
    {
        if (!request.Headers.Contains("Authorization"))
        {
            home.Check(request.RequestUri);
            return true;
        }

        NoteOwnAuthorization();
        return false;
    }

    /// <summary>Whoever sends the request again outside gets a token of that time, or may come with one that is not ours to prove or to renew.</summary>
    private static void RemoveAuthorization(HttpRequestMessage request)
    {
        request.Headers.Authorization = null;
        request.SetDpopKey(null);
        request.SetDpopTokenRenewal(null);
    }
}
