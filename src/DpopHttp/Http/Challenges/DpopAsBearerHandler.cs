using System.Net;
using DpopHttp.Http.Challenges;

namespace DpopHttp;

/// <summary>
/// Shows <c>Bearer</c> where the wire says <c>DPoP</c>, for a library that gets its tokens by itself and knows no other scheme: in the challenges of a 401
/// or 403 answer (RFC 9449 section 7.1), and in the <c>token_type</c> of a token answer (section 5).
/// </summary>
/// <remarks>
/// It stands outside of <see cref="DpopHandler"/>, which makes DPoP of the Bearer that the library then sends. <see cref="DpopOptions.BearerTokens"/> must be
/// <see cref="BearerTokenHandling.Upgrade"/> there, as it is by default. Nothing else of an answer is changed, and nothing of a request. Outside of this
/// handler, <see cref="DpopHttpResponseMessageExtensions.GetDpopChallenge"/> finds no challenge.
/// </remarks>
public sealed class DpopAsBearerHandler : DelegatingHandler
{
    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await ShowAsync(request, response, async: true, cancellationToken).ConfigureAwait(false);
        return response;
    }

    /// <inheritdoc />
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = base.Send(request, cancellationToken);
        ShowAsync(request, response, async: false, cancellationToken).AsTask().GetAwaiter().GetResult();
        return response;
    }

    private static async ValueTask ShowAsync(HttpRequestMessage request, HttpResponseMessage response, bool async, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            BearerPresentation.ShowChallenges(response);
        }
        else if (BearerPresentation.MayBeTokenAnswer(request, response))
        {
            try
            {
                await BearerPresentation.ShowTokenTypeAsync(response, async, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }
}
