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
        ConnectionInfo own = context.Connection;
        string path = context.Request.Path.ToUriComponent();
        return new UriBuilder(Uri.UriSchemeHttp, own.LocalIpAddress!.ToString(), own.LocalPort, path).Uri;
    }
}
