using System.Collections.Frozen;
using DpopHttp.Http.Errors;
using DpopHttp.Http.Redirects;
using DpopHttp.Origins;

namespace DpopHttp.Http;

/// <summary>Decides before anything is sent whether a request may carry a token and a proof to where it goes.</summary>
internal sealed class RequestGuard(DpopOptions options)
{
    private readonly bool _allowInsecureHttp = options.AllowInsecureHttp;
    private readonly Predicate<Uri>? _isAllowedOrigin = options.IsAllowedOrigin;
    private readonly FrozenSet<Origin> _allowedOrigins = options.AllowedOrigins.Select(uri => Origin.Of(uri)).ToFrozenSet();

    /// <exception cref="DpopException">It may not.</exception>
    public void Check(Uri? uri, PrimaryHandler primary)
    {
        if (uri is null || !uri.IsAbsoluteUri || Origin.HttpScheme(uri) is not ("http" or "https"))
        {
            throw RequestErrors.InvalidRequestUri(uri);
        }

        if (Origin.HttpScheme(uri) == Uri.UriSchemeHttp && !_allowInsecureHttp)
        {
            RequireOnMachine(uri, primary);
        }

        if ((_allowedOrigins.Count > 0 || _isAllowedOrigin is not null) && !IsAllowed(uri))
        {
            throw RequestErrors.OriginNotAllowed(uri);
        }
    }

    private static void RequireOnMachine(Uri uri, PrimaryHandler primary)
    {
        if (!uri.IsLoopback)
        {
            throw RequestErrors.InsecureTransport(uri);
        }

        // The platform sends requests to loopback hosts through the environment's proxy too.
        if (primary.ProxyFor(uri) is { } proxy)
        {
            throw RequestErrors.InsecureProxy(uri, proxy);
        }
    }

    private bool IsAllowed(Uri uri) => _allowedOrigins.Contains(Origin.Of(uri)) || _isAllowedOrigin?.Invoke(uri) == true;
}
