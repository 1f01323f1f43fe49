using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DpopHttp.AspNetCore;

/// <summary>The header fields of RFC 9449 section 12.6.</summary>
internal static class DpopHeaders
{
    public const string Proof = "DPoP";
    public const string Nonce = "DPoP-Nonce";

    // RFC 9449 section 8.2: a nonce from a cache would be a stale one.
    public static void SetNoStore(HttpResponse response)
    {
        StringValues current = response.Headers.CacheControl;
        if (!current.ToString().Contains("no-store", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.CacheControl = "no-store";
        }
    }
}
