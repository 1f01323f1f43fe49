using System.Net.Http.Headers;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>
/// Puts a client assertion into each form that passes, made anew for each attempt on the wire: some servers consume it before they
/// look at the proof, and then take no replay with the same one.
/// </summary>
internal sealed class ClientAssertionHandler(ClientAssertion assertion, string? audience) : DelegatingHandler
{
    /// <summary>The audience, where the handler has none of its own and it is not the request's URI.</summary>
    public static readonly HttpRequestOptionsKey<string> Audience = new("DpopHttp.ClientAssertionAudience");

    private const string FormType = "application/x-www-form-urlencoded";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsForm(request))
        {
            Complete(request, await request.Content!.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (IsForm(request))
        {
            using StreamReader reader = new(request.Content!.ReadAsStream(cancellationToken), leaveOpen: true);
            Complete(request, reader.ReadToEnd());
        }

        return base.Send(request, cancellationToken);
    }

    private static bool IsForm(HttpRequestMessage request) => request.Content?.Headers.ContentType?.MediaType == FormType;

    private void Complete(HttpRequestMessage request, string form)
    {
        string addressee = audience ?? (request.Options.TryGetValue(Audience, out string? known) ? known : request.RequestUri!.GetLeftPart(UriPartial.Path));
        string others = WithoutAssertion(form);
        request.SetDpopContentFactory(() => new StringContent($"{others}&{assertion.Create(addressee)}", new MediaTypeHeaderValue(FormType)));
    }

    /// <summary>A retry outside sends the same request again, with the assertion of the last attempt in it.</summary>
    private static string WithoutAssertion(string form) =>
        string.Join('&', form.Split('&').Where(field => !field.StartsWith("client_assertion", StringComparison.Ordinal)));
}
