using System.Net.Http.Headers;
using System.Text;
using DpopHttp.Shared;
using DpopHttp.Tokens.Waiting;

namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>Puts a client assertion into each form that a client posts to the authorization server's origin.</summary>
/// <param name="assertion">Makes the assertions.</param>
/// <param name="audience">What they are addressed to, or null for the URI that the form is posted to.</param>
/// <param name="origin">Where they go, and nowhere else. Null: everywhere, since each is addressed to where it goes.</param>
/// <param name="sender">Sends the form with an assertion.</param>
internal sealed class ClientAssertionHandler(AssertionWriter assertion, string? audience, Uri? origin, AssertionSender sender) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendCoreAsync(request, () => new(base.SendAsync(request, cancellationToken)), async: true, cancellationToken).AsTask();

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendCoreAsync(request, () => new(base.Send(request, cancellationToken)), async: false, cancellationToken).Completed();

    private async ValueTask<HttpResponseMessage> SendCoreAsync(
        HttpRequestMessage request, Func<ValueTask<HttpResponseMessage>> send, bool async, CancellationToken cancellationToken)
    {
        if (!TakesAssertion(request))
        {
            return await send().ConfigureAwait(false);
        }

        AuthenticationHeaderValue? authorization = request.Headers.Authorization;
        bool hidesAuthorization = IsEmptySecret(authorization?.Scheme, authorization?.Parameter);
        string addressee = audience ?? request.RequestUri!.GetLeftPart(UriPartial.Path);
        try
        {
            request.Headers.Authorization = hidesAuthorization ? null : authorization;
            return await sender.SendAsync(request, assertion, addressee, send, async, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Headers.Authorization = authorization;
        }
    }

    private bool TakesAssertion(HttpRequestMessage request) =>
        request.Content?.Headers.ContentType?.MediaType == AssertionForm.MediaType
        && (origin is null || (request.RequestUri is { IsAbsoluteUri: true } target && WebOrigin.IsSame(target, origin)));

    /// <summary>
    /// HTTP Basic with an identifier and no secret, which libraries put on by default. A client authenticates in one way (RFC 6749 section 2.3), and
    /// servers refuse a request with two.
    /// </summary>
    private static bool IsEmptySecret(string? scheme, string? parameter)
    {
        if (!string.Equals(scheme, "Basic", StringComparison.OrdinalIgnoreCase) || parameter is null)
        {
            return false;
        }

        byte[] decoded = new byte[parameter.Length];
        return Convert.TryFromBase64String(parameter, decoded, out int length) && Encoding.UTF8.GetString(decoded, 0, length).EndsWith(':');
    }
}
