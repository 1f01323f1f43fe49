using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DpopHttp.Tool.Hosting;

/// <summary>The target of a request as it came over the wire, percent-encoding and all.</summary>
internal static class RequestTarget
{
    /// <summary>Path and query for most requests; RFC 9112 section 3.2 has other forms, which don't begin with a slash.</summary>
    public static string Of(HttpContext context) => context.Features.Get<IHttpRequestFeature>()!.RawTarget;

    /// <summary>The path.</summary>
    public static string PathOf(HttpContext context) => Of(context) is ['/', ..] target ? target.Split('?', 2)[0] : context.Request.Path.ToUriComponent();
}
