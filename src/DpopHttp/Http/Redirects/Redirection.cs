using System.Diagnostics.CodeAnalysis;
using System.Net;
using DpopHttp.Origins;

namespace DpopHttp.Http.Redirects;

/// <summary>The rules by which HttpClient's own handler follows (RFC 9110 section 15.4).</summary>
internal static class Redirection
{
    /// <summary>Where the response leads, or null if it is not a redirect or one that is not followed.</summary>
    public static Uri? TargetOf(HttpResponseMessage response, Uri from)
    {
        if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location || !TryResolve(from, location, out Uri? target)
            || target.Scheme is not ("http" or "https")
            || (Origin.HttpScheme(from) == Uri.UriSchemeHttps && target.Scheme == Uri.UriSchemeHttp))
        {
            return null;
        }

        // A target without a fragment takes over the one that was asked for (RFC 9110 section 10.2.2).
        return target.Fragment.Length == 0 && from.Fragment.Length > 0 ? new UriBuilder(target) { Fragment = from.Fragment }.Uri : target;
    }

    /// <summary>A host name that cannot be encoded is found only when it is asked for (RFC 5891).</summary>
    private static bool TryResolve(Uri from, Uri location, [NotNullWhen(true)] out Uri? target)
    {
        try
        {
            return Uri.TryCreate(from, location, out target) && target.IdnHost.Length > 0;
        }
        catch (UriFormatException)
        {
            target = null;
            return false;
        }
    }

    public static bool BecomesGet(HttpStatusCode status, HttpMethod method) => status switch
    {
        HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.MultipleChoices => method == HttpMethod.Post,
        HttpStatusCode.SeeOther => method != HttpMethod.Get && method != HttpMethod.Head,
        _ => false,
    };

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MultipleChoices or HttpStatusCode.Moved or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
