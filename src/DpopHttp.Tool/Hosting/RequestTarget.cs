using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DpopHttp.Tool.Hosting;

/// <summary>The target of a request as it came over the wire, percent-encoding and all.</summary>
internal static class RequestTarget
{
    /// <summary>Path and query.</summary>
    public static string PathAndQueryOf(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return target.StartsWith('/') ? target
            : Uri.TryCreate(target, UriKind.Absolute, out Uri? uri) ? uri.PathAndQuery
            : context.Request.Path + context.Request.QueryString;
    }

    /// <summary>The path.</summary>
    public static string PathOf(HttpContext context) => PathAndQueryOf(context).Split('?', 2)[0];
}
