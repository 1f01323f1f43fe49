using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DpopHttp.AspNetCore;

/// <summary>
/// The Authorization header of the client, while a scheme's handler is shown another. The handler may forward to a scheme that DPoP stands before as well.
/// </summary>
internal sealed record SentAuthorization(StringValues Value)
{
    public static StringValues Of(HttpContext context) => context.Features.Get<SentAuthorization>()?.Value ?? context.Request.Headers.Authorization;
}
