using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace DpopHttp.Testing;

/// <summary>Writes refusals in the three forms of <see cref="ChallengeForm"/>.</summary>
internal static class RefusalResponse
{
    public static HttpResponseMessage Create(Refusal refusal, ChallengeForm form, IEnumerable<string> algorithms)
    {
        HttpResponseMessage response = form == ChallengeForm.BadRequest
            ? new(HttpStatusCode.BadRequest) { Content = new StringContent(Json(refusal), Encoding.UTF8, "application/json") }
            : new(HttpStatusCode.Unauthorized);
        if (form != ChallengeForm.BadRequest)
        {
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", Lines(refusal, form, string.Join(' ', algorithms)));
        }

        return response;
    }

    private static string[] Lines(Refusal refusal, ChallengeForm form, string algorithms)
    {
        string algs = $"algs=\"{algorithms}\"";
        string error = $"error=\"{refusal.Error}\", error_description=\"{Printable(refusal.Description)}\"";
        if (form == ChallengeForm.SeveralChallenges)
        {
            string dpop = refusal.Error is null ? algs : $"{algs}, {error}";
            return
            [
                $"""Bearer realm="orders, \"all\"", scope="read write", DPoP realm="orders, DPoP", {dpop}""",
                "Basic realm=\"legacy\", charset=\"UTF-8\"",
            ];
        }

        return [refusal.Error is null ? $"DPoP {algs}" : $"DPoP realm=\"protected resource\", {error}, {algs}"];
    }

    private static string Json(Refusal refusal)
    {
        string error = refusal switch
        {
            { Error: null } => "invalid_request",
            { IsReplay: true } => Refusal.InvalidProof,
            { Error: Refusal.InvalidToken } => "invalid_grant",
            _ => refusal.Error,
        };
        return new JsonObject { ["error"] = error, ["error_description"] = Printable(refusal.Description) }.ToJsonString();
    }

    // RFC 6750 section 3: what may stand in error_description.
    private static string Printable(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = source[i] is >= ' ' and <= '~' and not '"' and not '\\' ? source[i] : '?';
            }
        });
}
