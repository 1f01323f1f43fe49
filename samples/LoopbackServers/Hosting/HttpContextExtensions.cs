using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace LoopbackServers.Hosting;

internal static class HttpContextExtensions
{
    public static LoopbackExchange Exchange(this HttpContext context) => context.Features.GetRequiredFeature<LoopbackExchange>();

    /// <summary>
    /// The URI that <c>htu</c> must name. Taken from the server's own address: the Host header is the sender's to choose. A server behind
    /// a proxy puts its public address here.
    /// </summary>
    public static Uri OwnUri(this HttpContext context)
    {
        ConnectionInfo connection = context.Connection;
        return new UriBuilder(Uri.UriSchemeHttp, connection.LocalIpAddress!.ToString(), connection.LocalPort, context.Request.Path.ToUriComponent()).Uri;
    }
}
