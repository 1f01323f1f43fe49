using Duende.IdentityModel.Client;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>Where a token request goes, and with which key.</summary>
/// <param name="Uri">The token endpoint.</param>
/// <param name="Audience">What a client assertion is addressed to: the issuer where it is known, else the endpoint (RFC 7523 section 3).</param>
/// <param name="Key">Signs the proof, so that the token is bound to it.</param>
internal sealed record TokenTarget(Uri Uri, string Audience, DpopKey Key)
{
    /// <summary>Completes a request by what all grants have in common, but for what a handler on the way puts on each attempt.</summary>
    public T Address<T>(T request, DpopTokenOptions options)
        where T : TokenRequest
    {
        request.Address = Uri.AbsoluteUri;
        if (options is { ClientSecret: null } or { ClientSecretPlace: ClientSecretPlace.Body })
        {
            request.ClientId = options.ClientId!;
            request.ClientSecret = options.ClientSecret;
            request.ClientCredentialStyle = ClientCredentialStyle.PostBody;
        }

        foreach ((string name, string value) in options.Parameters)
        {
            request.Parameters.Add(name, value);
        }

        request.SetDpopKey(Key);
        request.Options.Set(ClientAssertionHandler.Audience, Audience);
        return request;
    }
}
