namespace DpopHttp.Tokens.Endpoint;

/// <summary>What a grant asks the token endpoint for, without what shows who the client is.</summary>
/// <param name="grantType">The <c>grant_type</c>.</param>
/// <param name="scope">The <c>scope</c>, or null.</param>
/// <param name="resources">Each a <c>resource</c> (RFC 8707).</param>
/// <param name="refreshToken">The <c>refresh_token</c>, or null.</param>
internal sealed class TokenForm(string grantType, string? scope, IEnumerable<string> resources, string? refreshToken = null)
{
    /// <summary>A refusal of one says nothing of another.</summary>
    public string? RefreshToken => refreshToken;

    /// <summary>The fields, with those of the options. An identifier or a secret in a header, and an assertion, come on the way.</summary>
    public IEnumerable<KeyValuePair<string, string>> FieldsFor(DpopTokenOptions options)
    {
        yield return new("grant_type", grantType);
        if (refreshToken is not null)
        {
            yield return new("refresh_token", refreshToken);
        }

        if (scope is not null)
        {
            yield return new("scope", scope);
        }

        foreach (string resource in resources)
        {
            yield return new("resource", resource);
        }

        if (options is { ClientSecret: null } or { ClientSecretLocation: DpopClientSecretLocation.Body })
        {
            yield return new("client_id", options.ClientId!);
            if (options.ClientSecret is { } secret)
            {
                yield return new("client_secret", secret);
            }
        }

        foreach ((string name, string value) in options.Parameters)
        {
            yield return new(name, value);
        }
    }
}
