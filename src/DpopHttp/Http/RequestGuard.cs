using System.Collections.Frozen;
using DpopHttp.Nonces;

namespace DpopHttp.Http;

/// <summary>Decides before anything is sent whether a request may carry a token and a proof to where it goes.</summary>
internal sealed class RequestGuard(DpopOptions options)
{
    private readonly bool _allowInsecureHttp = options.AllowInsecureHttp;
    private readonly FrozenSet<Origin> _allowedOrigins = options.AllowedOrigins.Select(uri => Origin.Of(uri)).ToFrozenSet();

    /// <exception cref="DpopException">It may not.</exception>
    public void Check(Uri? uri)
    {
        if (uri is null || !uri.IsAbsoluteUri || Origin.HttpScheme(uri) is not ("http" or "https"))
        {
            throw Errors.InvalidRequestUri(uri);
        }

        if (!Origin.IsSecure(uri) && !_allowInsecureHttp)
        {
            throw Errors.InsecureTransport(uri);
        }

        if (_allowedOrigins.Count > 0 && !_allowedOrigins.Contains(Origin.Of(uri)))
        {
            throw Errors.OriginNotAllowed(uri);
        }
    }
}
