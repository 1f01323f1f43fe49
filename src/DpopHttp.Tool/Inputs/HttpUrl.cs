using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Inputs;

/// <summary>Reads the URL of a request.</summary>
internal static class HttpUrl
{
    /// <exception cref="ToolException">It isn't an absolute http or https URL.</exception>
    public static Uri Parse(string text, string option)
    {
        if (Uri.TryCreate(text.Trim(), UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
        {
            return uri;
        }

        string hint = text.Contains("://", StringComparison.Ordinal) ? "" : $" Did you mean https://{Printable.Clean(text.Trim('/'), 100)}?";
        throw new ToolException($"{option} '{Printable.Clean(text, 100)}' isn't an absolute http or https URL, which a proof needs.{hint}");
    }
}
