using System.Security.Cryptography;
using System.Text;
using DpopHttp.Tool.Hosting;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Proxies;

/// <summary>
/// Says who may use the proxy. It lends its user's token, and every web page that the user opens can send requests to 127.0.0.1: so a page is known by
/// its Origin and by what the browser says of the request, a name that was made to lead here by its Host, and another user by the secret in the path.
/// </summary>
internal sealed class ProxyGuard(string? secret, IReadOnlyList<string> allowedOrigins)
{
    private readonly string? _prefix = secret is null ? null : "/" + secret;

    /// <summary>The target without the secret; or a status and why the request is refused.</summary>
    public (string? Target, int Status, string Reason) Check(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (request.Host.Host is not ("127.0.0.1" or "localhost") || request.Host.Port != context.Connection.LocalPort)
        {
            return (null, StatusCodes.Status403Forbidden, "The Host isn't this proxy's. Call it as 127.0.0.1 with its port.");
        }

        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !allowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            return (null, StatusCodes.Status403Forbidden, "The request comes from a web page whose origin isn't allowed. Start the proxy with --allow-origin if it is yours.");
        }

        if (origin.Length == 0 && request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return (null, StatusCodes.Status403Forbidden, "The request comes from another web page.");
        }

        if (HttpMethods.IsConnect(request.Method) || HttpMethods.IsTrace(request.Method))
        {
            return (null, StatusCodes.Status405MethodNotAllowed, "CONNECT and TRACE are for proxies and servers themselves. Call the address that this proxy printed, in place of setting it as a proxy.");
        }

        // Behind the API's address anything else could become a part of the host's name.
        string target = RequestTarget.Of(context);
        if (!target.StartsWith('/'))
        {
            return (null, StatusCodes.Status400BadRequest, "The target of the request isn't a path. Call the address that this proxy printed, in place of setting it as a proxy.");
        }

        if (_prefix is null)
        {
            return (target, 0, "");
        }

        return HasPrefix(target, _prefix)
            ? (target.Length == _prefix.Length ? "/" : target[_prefix.Length] == '?' ? "/" + target[_prefix.Length..] : target[_prefix.Length..], 0, "")
            : (null, StatusCodes.Status404NotFound, "The path doesn't begin with the secret that the proxy printed at its start.");
    }

    private static bool HasPrefix(string target, string prefix) =>
        target.Length >= prefix.Length
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(target[..prefix.Length]), Encoding.UTF8.GetBytes(prefix))
        && (target.Length == prefix.Length || target[prefix.Length] is '/' or '?');
}
