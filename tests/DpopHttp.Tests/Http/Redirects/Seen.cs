using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DpopHttp.Tests.Http.Redirects;

/// <summary>A request as the server saw it.</summary>
internal sealed record Seen(string Method, string Target, string Body, string? Mine, string? Authorization, string? Proof, string? Host)
{
    public static async Task<Seen> ReadAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        string body = await reader.ReadToEndAsync();
        IHeaderDictionary headers = context.Request.Headers;
        return new Seen(context.Request.Method, target, body, headers["X-Mine"], headers.Authorization, headers["DPoP"], headers.Host);
    }
}
