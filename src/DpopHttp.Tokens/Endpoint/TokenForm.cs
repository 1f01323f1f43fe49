using DpopHttp.Tokens.PerRequest;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>What a grant asks the token endpoint for, without what shows who the client is.</summary>
/// <param name="grantType">The <c>grant_type</c>.</param>
/// <param name="parameters">What the request wants beyond the options.</param>
/// <param name="refreshToken">The <c>refresh_token</c>, or null.</param>
internal sealed class TokenForm(string grantType, TokenParameters parameters, string? refreshToken = null)
{
    /// <summary>A refusal of one says nothing of another.</summary>
    public string? RefreshToken => refreshToken;

    /// <summary>Nor of one for another tenant.</summary>
    public string ParametersIdentity => parameters.Identity;

    /// <summary>The fields, with those of the options. An identifier or a secret in a header, and an assertion, come on the way.</summary>
    public IEnumerable<KeyValuePair<string, string>> FieldsFor(DpopTokenOptions options)
    {
        yield return new("grant_type", grantType);
        if (refreshToken is not null)
        {
            yield return new("refresh_token", refreshToken);
        }

        if (parameters.Scope(options) is { } scope)
        {
            yield return new("scope", scope);
        }

        foreach (string resource in parameters.Resources(options))
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

        foreach ((string name, string value) in parameters.Further(options))
        {
            yield return new(name, value);
        }
    }
}
