using DpopHttp.Tokens.Endpoint;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens;

/// <summary>Finds all faults of a client's token options at once, at start-up.</summary>
internal sealed class DpopTokenOptionsValidator<TOptions>(IOptionsMonitor<DpopOptions> clients) : IValidateOptions<TOptions>
    where TOptions : DpopTokenOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        List<string> faults = [.. Faults(options, clients.Get(name).AllowInsecureHttp)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(TOptions options, bool allowInsecureHttp)
    {
        const string Authority = nameof(DpopTokenOptions.Authority), Endpoint = nameof(DpopTokenOptions.TokenEndpoint);
        if (options.Authority is null == options.TokenEndpoint is null)
        {
            yield return $"{Authority} and {Endpoint} are {(options.Authority is null ? "both missing" : "both set")}: give one.";
        }

        foreach ((string what, Uri? uri) in ((string, Uri?)[])[(Authority, options.Authority), (Endpoint, options.TokenEndpoint)])
        {
            if (uri is not null && !IsUsable(uri, allowInsecureHttp))
            {
                yield return $"{what} is '{Shown(uri)}': give an absolute https URI, or a loopback one, without user information and fragment.";
            }
        }

        if (options.Authority is { IsAbsoluteUri: true, Query.Length: > 0 })
        {
            yield return $"{Authority} has a query: an issuer identifier has none (RFC 8414 section 2).";
        }

        if (string.IsNullOrEmpty(options.ClientId))
        {
            yield return $"{nameof(DpopTokenOptions.ClientId)} is missing.";
        }

        if (options.ClientSecret is "")
        {
            yield return $"{nameof(DpopTokenOptions.ClientSecret)} is empty: give a secret, or leave it out.";
        }

        if (!Enum.IsDefined(options.ClientSecretPlace))
        {
            yield return $"{nameof(DpopTokenOptions.ClientSecretPlace)} is {options.ClientSecretPlace}: use AuthorizationHeader or Body.";
        }

        if (options.ClientSecret is not null && options.ClientAssertionJwk is not null)
        {
            yield return $"{nameof(DpopTokenOptions.ClientSecret)} and {nameof(DpopTokenOptions.ClientAssertionJwk)} are both set: a client authenticates in one way (RFC 6749 section 2.3).";
        }

        if (options.ClientAssertionJwk is { } jwk && ClientAssertion.FindFault(jwk) is { } fault)
        {
            yield return $"{nameof(DpopTokenOptions.ClientAssertionJwk)} {fault}.";
        }

        foreach (string parameter in options.Parameters.Keys.Where(name => IsSetByRequest(name, options)))
        {
            yield return $"{nameof(DpopTokenOptions.Parameters)} has '{parameter}', which the request sets by itself: remove it, or use the option for it.";
        }

        if (options is DpopRefreshTokenOptions { Store: null })
        {
            yield return $"{nameof(DpopRefreshTokenOptions.Store)} is missing: use {nameof(DpopRefreshTokenStore)}.{nameof(DpopRefreshTokenStore.InFile)}, or one of your own.";
        }
    }

    /// <summary>In the body; a client with its secret in the Authorization header has no identifier there, and some servers want one all the same.</summary>
    private static bool IsSetByRequest(string parameter, DpopTokenOptions options) => parameter switch
    {
        "grant_type" or "scope" or "resource" or "refresh_token" or "client_secret" or "client_assertion" or "client_assertion_type" => true,
        "client_id" => options is { ClientSecret: null } or { ClientSecretPlace: ClientSecretPlace.Body },
        _ => false,
    };

    private static bool IsUsable(Uri uri, bool allowInsecureHttp) =>
        uri is { IsAbsoluteUri: true, UserInfo: "", Fragment: "" }
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && (uri.IsLoopback || allowInsecureHttp)));

    /// <summary>What is wrong may be a password in it.</summary>
    private static string Shown(Uri uri) => uri.IsAbsoluteUri ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : uri.OriginalString;
}
