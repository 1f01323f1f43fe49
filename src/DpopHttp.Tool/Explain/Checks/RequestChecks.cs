using System.Text.Json;
using DpopHttp.Tool.Output;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>Items 8 and 9: the proof is for this request.</summary>
internal static class RequestChecks
{
    public static CheckReport Method(ExplainQuestion question, JsonElement claims, SoleClaim sole)
    {
        if (ProofText.Text(claims, "htm") is not { } claimed)
        {
            return CheckReport.Skip(DpopProofCheck.Method, "There is no htm.");
        }

        if (question.Method is not { } method)
        {
            return CheckReport.Skip(DpopProofCheck.Method, $"htm is {Printable.Clean(claimed, 60)}. Give --method to compare.");
        }

        return sole.Verify(DpopProofCheck.Method).IsValid
            ? CheckReport.Pass(DpopProofCheck.Method, $"htm is {method}.")
            : CheckReport.Fail(
                DpopProofCheck.Method,
                $"htm is '{Printable.Clean(claimed, 60)}', but the request is {Printable.Clean(method, 60)}.",
                claimed.Equals(method, StringComparison.OrdinalIgnoreCase)
                    ? "The two differ in case only. Methods are compared with case: write htm as it goes over the wire, such as GET."
                    : "Make a proof for each request, also for the one that follows a redirect, and don't use one proof for two methods.");
    }

    public static CheckReport Uri(ExplainQuestion question, JsonElement claims, SoleClaim sole)
    {
        if (ProofText.Text(claims, "htu") is not { } claimed)
        {
            return CheckReport.Skip(DpopProofCheck.Uri, "There is no htu.");
        }

        if (question.EffectiveUrl is not { } expected)
        {
            return CheckReport.Skip(DpopProofCheck.Uri, $"htu is {Printable.Clean(UriDifference.WithoutQuery(claimed))}. Give --url to compare.");
        }

        if (sole.Verify(DpopProofCheck.Uri).IsValid)
        {
            return CheckReport.Pass(
                DpopProofCheck.Uri,
                "htu is the URL of the request.",
                claimed.AsSpan().ContainsAny("?#") ? "htu has a query or a fragment, which RFC 9449 section 4.2 leaves out. Some servers refuse that." : null);
        }

        (string finding, string advice) = question is { SeenUrl: not null, Url: { } called } && UriDifference.AreSame(claimed, called)
            ? BehindProxy(called, expected)
            : UriDifference.Describe(claimed, expected);
        return CheckReport.Fail(DpopProofCheck.Uri, finding, advice) with
        {
            Comparison = new Comparison(
                "htu", Printable.Clean(UriDifference.WithoutQuery(claimed)),
                question.SeenUrl is null ? "request" : "server saw", Printable.Clean(UriDifference.WithoutQuery(expected))),
        };
    }

    /// <summary>The client did it right.</summary>
    private static (string Finding, string Advice) BehindProxy(string called, string seen)
    {
        (string difference, _) = UriDifference.Describe(called, seen, "the URL that was called", "what the server saw");
        return (
            $"htu is the URL that the client called, and a proxy in between changed it: {difference}",
            "Don't change the client. Tell the server its public address, or let it read the forwarded headers of a proxy that it trusts; a proxy must hand the path on as it came.");
    }
}
