using System.Net.Http.Headers;

namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>A form with a client assertion in it (RFC 7523 section 2.2).</summary>
internal static class AssertionForm
{
    public const string MediaType = "application/x-www-form-urlencoded";

    public static HttpContent With(string form, string assertion) => new StringContent(
        $"{form}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={Uri.EscapeDataString(assertion)}",
        new MediaTypeHeaderValue(MediaType));

    /// <summary>A retry outside sends the same request again, with the assertion of the last attempt in it, and libraries put one of their own into a form.</summary>
    public static string Without(string form) =>
        string.Join('&', form.Split('&').Where(field => !field.StartsWith("client_assertion", StringComparison.Ordinal)));
}
