using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DpopHttp.AspNetCore;

/// <summary>
/// The URI that htu must name. Its path is taken as it came over the wire: a decoded one can't tell <c>%2F</c> from a slash, and encodes
/// <c>%2B</c> in another way.
/// </summary>
internal static class RequestUri
{
    /// <summary>The URI without its query, from the public origin if there is one.</summary>
    public static string Of(HttpRequest request, string? publicOrigin)
    {
        string path = WithoutDotSegments(RawPath(request));
        if (publicOrigin is not null)
        {
            return publicOrigin + path;
        }

        return IsWhole(path, request.PathBase, request.Path)
            ? string.Concat(request.Scheme, "://", request.Host.Value, path)
            : string.Concat(request.Scheme, "://", request.Host.Value + request.PathBase.ToUriComponent(), path);
    }

    // UsePathBase takes a part of the path away; a forwarded prefix was never in it. Where the path begins like the prefix, it counts whether
    // one or two of them are left. Path may have been rewritten since, so it isn't looked at otherwise.
    private static bool IsWhole(string path, PathString pathBase, PathString rest) =>
        !pathBase.HasValue
        || (path.StartsWith('/')
            && PathString.FromUriComponent(path).StartsWithSegments(pathBase)
            && (!rest.StartsWithSegments(pathBase) || Slashes(path) >= Slashes(pathBase.Value) + Slashes(rest.Value)));

    private static string RawPath(HttpRequest request)
    {
        string? target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (string.IsNullOrEmpty(target))
        {
            return (request.PathBase + request.Path).ToUriComponent();
        }

        // The absolute form names the host once more (RFC 9112 section 3.2.2).
        int colon = target[0] == '/' ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        int start = colon < 0 ? 0 : target.IndexOf('/', colon + 3);
        int end = target.AsSpan().IndexOfAny('?', '#');
        return start < 0 || (end >= 0 && end < start) ? "/" : target[start..(end < 0 ? target.Length : end)];
    }

    // As the server has done to Path (RFC 3986 section 5.2.4): behind a prefix, dot segments would take the prefix away.
    private static string WithoutDotSegments(string path)
    {
        if (!path.Contains("/.", StringComparison.Ordinal) && !path.Contains("/%2E", StringComparison.OrdinalIgnoreCase))
        {
            return path;
        }

        List<string> kept = [];
        string last = "";
        foreach (string segment in path.Split('/')[1..])
        {
            last = segment.Replace("%2E", ".", StringComparison.OrdinalIgnoreCase);
            if (last == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (last is not ("." or ".."))
            {
                kept.Add(segment);
            }
        }

        string end = last is "." or ".." && kept.Count > 0 ? "/" : "";
        return $"/{string.Join('/', kept)}{end}";
    }

    private static int Slashes(ReadOnlySpan<char> path) => path.Count('/');
}
