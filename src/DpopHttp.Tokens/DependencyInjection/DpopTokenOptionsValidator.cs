using DpopHttp.Tokens.Endpoint.Authentication;
using DpopHttp.Tokens.PerRequest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.DependencyInjection;

/// <summary>Finds all faults of a client's token options at once, at start-up.</summary>
internal sealed class DpopTokenOptionsValidator<TOptions>(IOptionsMonitor<DpopOptions> clients) : IValidateOptions<TOptions>
    where TOptions : DpopTokenOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        string method = options is DpopRefreshTokenOptions
            ? nameof(DpopTokensHttpClientBuilderExtensions.AddDpopRefreshToken)
            : nameof(DpopTokensHttpClientBuilderExtensions.AddDpopClientCredentials);
        string[] faults = [.. Faults(options, () => clients.Get(name).AllowInsecureHttp).Select(fault => $"{method} for the client '{name}': {fault}")];
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <param name="options">The options.</param>
    /// <param name="allowInsecureHttp">Asked only where http is a fault without it: it throws where the client's other options have faults, which are told by themselves.</param>
    private static IEnumerable<string> Faults(TOptions options, Func<bool> allowInsecureHttp)
    {
        const string Authority = nameof(DpopTokenOptions.Authority), Endpoint = nameof(DpopTokenOptions.TokenEndpoint);
        foreach (string fault in options.ConfigurationFaults)
        {
            yield return fault;
        }

        if (options.Authority is null == options.TokenEndpoint is null)
        {
            yield return $"{Authority} and {Endpoint} are {(options.Authority is null ? "both missing" : "both set")}: give one.";
        }

        foreach ((string what, Uri? uri) in ((string, Uri?)[])[(Authority, options.Authority), (Endpoint, options.TokenEndpoint)])
        {
            if (uri is not null && FindFault(uri, allowInsecureHttp) is { } fault)
            {
                yield return $"{what} is '{Shown(uri)}': {fault}.";
            }
        }

        if (options.Authority is { IsAbsoluteUri: true } authority && authority.AbsolutePath.Contains("/.well-known/", StringComparison.Ordinal))
        {
            yield return $"{Authority} is the address of metadata: give the issuer identifier, which the metadata has as \"issuer\" (RFC 8414 section 2).";
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

        if (!Enum.IsDefined(options.ClientSecretLocation))
        {
            yield return $"{nameof(DpopTokenOptions.ClientSecretLocation)} is {options.ClientSecretLocation}: use AuthorizationHeader or Body.";
        }

        string[] ways = [.. AuthenticationOf(options)];
        if (ways.Length > 1)
        {
            yield return $"{string.Join(" and ", ways)} are {(ways.Length == 2 ? "both" : "all")} set: a client authenticates in one way (RFC 6749 section 2.3).";
        }

        if (ways.Length == 0 && options is DpopClientCredentialsOptions)
        {
            yield return $"{nameof(DpopTokenOptions.ClientSecret)} is missing: a client that gets tokens for itself has to authenticate (RFC 6749 section 4.4). Set it, "
                + $"{nameof(DpopTokenOptions.ClientAssertionJwk)}, {nameof(DpopTokenOptions.ClientAssertionKey)}, {nameof(DpopTokenOptions.ClientAssertion)}, {nameof(DpopTokenOptions.ClientAssertionFile)} or {nameof(DpopTokenOptions.UsesClientCertificate)}. A value from configuration is null where its key is not found.";
        }

        if (options.ClientAssertionJwk is { } jwk && AssertionWriter.FindFault(jwk) is { } jwkFault)
        {
            yield return $"{nameof(DpopTokenOptions.ClientAssertionJwk)} {jwkFault}.";
        }

        if (options is { ClientAssertionKeyId: not null, ClientAssertionKey: null })
        {
            yield return $"{nameof(DpopTokenOptions.ClientAssertionKeyId)} is set without {nameof(DpopTokenOptions.ClientAssertionKey)}: set the key, or remove it. A JWK has its \"kid\" in it.";
        }

        if (options.ClientAssertionFile is { } file && string.IsNullOrWhiteSpace(file))
        {
            yield return $"{nameof(DpopTokenOptions.ClientAssertionFile)} is empty: give the path of a file, or leave it out.";
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
        "client_id" => options is { ClientSecret: null } or { ClientSecretLocation: DpopClientSecretLocation.Body },
        _ => ReservedParameters.Contains(parameter),
    };

    private static IEnumerable<string> AuthenticationOf(DpopTokenOptions options)
    {
        if (options.ClientSecret is not null)
        {
            yield return nameof(DpopTokenOptions.ClientSecret);
        }

        if (options.ClientAssertionJwk is not null)
        {
            yield return nameof(DpopTokenOptions.ClientAssertionJwk);
        }

        if (options.ClientAssertionKey is not null)
        {
            yield return nameof(DpopTokenOptions.ClientAssertionKey);
        }

        if (options.ClientAssertion is not null)
        {
            yield return nameof(DpopTokenOptions.ClientAssertion);
        }

        if (options.ClientAssertionFile is not null)
        {
            yield return nameof(DpopTokenOptions.ClientAssertionFile);
        }

        if (options.UsesClientCertificate)
        {
            yield return nameof(DpopTokenOptions.UsesClientCertificate);
        }
    }

    private static string? FindFault(Uri uri, Func<bool> allowInsecureHttp) => uri switch
    {
        { IsAbsoluteUri: true, UserInfo: "", Fragment: "" } when uri.Scheme == Uri.UriSchemeHttps => null,
        { IsAbsoluteUri: true, UserInfo: "", Fragment: "" } when uri.Scheme == Uri.UriSchemeHttp => FindHttpFault(uri) is { } fault && !allowInsecureHttp() ? fault : null,
        _ => "give an absolute https URI, or a loopback one, without user information and fragment",
    };

    private static string? FindHttpFault(Uri uri) => uri.IsLoopback
        ? FindProxyFault(uri)
        : $"give an https URI. Plain http to another host is possible with {nameof(DpopOptions)}.{nameof(DpopOptions.AllowInsecureHttp)} of the same client, and lets secrets and tokens be read on the way";

    /// <summary>.NET sends requests to loopback hosts through the environment's proxy too, which would see the client's secret.</summary>
    private static string? FindProxyFault(Uri uri) => HttpClient.DefaultProxy.IsBypassed(uri) || HttpClient.DefaultProxy.GetProxy(uri) is not { } proxy || proxy == uri
        ? null
        : $"the proxy {Shown(proxy)} stands before it and would see secrets in clear. Exclude the host from the proxy (no_proxy), give an https URI, or set {nameof(DpopOptions)}.{nameof(DpopOptions.AllowInsecureHttp)}";

    /// <summary>What is wrong may be a password in it.</summary>
    private static string Shown(Uri uri) => uri.IsAbsoluteUri ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : uri.OriginalString;
}
