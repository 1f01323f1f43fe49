using DpopHttp.Verification;

namespace DpopHttp.AspNetCore;

/// <summary>Names the one setting that is likely wrong when htu doesn't fit.</summary>
internal static class UriHint
{
    public static string For(DpopProofResult? proof)
    {
        if (proof is not { FailedCheck: DpopProofCheck.Uri, Seen: { } seen, Claimed: { } claimed }
            || !Uri.TryCreate(seen, UriKind.Absolute, out Uri? seenUri)
            || !Uri.TryCreate(claimed, UriKind.Absolute, out Uri? claimedUri))
        {
            return "";
        }

        if (seenUri.Scheme != claimedUri.Scheme)
        {
            return "The scheme differs: something in front of this API ends TLS. "
                + "Set PublicOrigin, or add UseForwardedHeaders with XForwardedProto before authentication.";
        }

        if (seenUri.Authority != claimedUri.Authority)
        {
            return "The host differs: if the client's is the API's public one, set PublicOrigin, "
                + "or add UseForwardedHeaders with XForwardedHost before authentication.";
        }

        return claimedUri.AbsolutePath.EndsWith(seenUri.AbsolutePath, StringComparison.Ordinal)
            ? "The client's path is longer: if a proxy takes its beginning away, put that into PublicOrigin."
            : "The path differs: the client signs another path than it sends, or something between rewrites it.";
    }
}
