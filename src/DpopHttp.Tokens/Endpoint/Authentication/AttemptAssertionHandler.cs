namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>
/// Puts a client assertion into each attempt on the wire, inside of the handler that makes proofs: what makes the assertion may take its time there. A proof says
/// nothing of the body.
/// </summary>
internal sealed class AttemptAssertionHandler : DelegatingHandler
{
    /// <summary>Makes the assertion for the next attempt of the request.</summary>
    public static readonly HttpRequestOptionsKey<Func<CancellationToken, ValueTask<string>>> Assertion = new("DpopHttp.ClientAssertion");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Assertion, out Func<CancellationToken, ValueTask<string>>? create) || request.Content is not { } content)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        string form = AssertionForm.Without(await content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
        using HttpContent complete = AssertionForm.With(form, await create(cancellationToken).ConfigureAwait(false));
        request.Content = complete;
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Content = content;
        }
    }
}
