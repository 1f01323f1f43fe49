using DpopHttp.Shared;

namespace DpopHttp.Tokens.Endpoint.Metadata;

/// <summary>The messages about metadata: what was found, which rule, what to do.</summary>
internal static class MetadataErrors
{
    public static DpopTokenException Unusable(Uri authority, IEnumerable<MetadataDocument> documents) => new(
        DpopTokenErrorCodes.TokenRefused,
        $"The metadata of the authorization server {authority} cannot be used. "
        + string.Concat(documents.Select(document => $"At {document.Address}: {document.Fault}. "))
        + "The metadata of an issuer is at one of these addresses, and names that issuer and its token endpoint (RFC 8414 section 3). "
        + $"Correct {nameof(DpopTokenOptions.Authority)}, which is the issuer identifier itself, or set {nameof(DpopTokenOptions.TokenEndpoint)} in place of it.");

    public static HttpRequestException Unreachable(Uri authority, MetadataDocument document) =>
        new($"The metadata of the authorization server {authority} cannot be read. At {document.Address}: {document.Fault}");

    public static DpopTokenException AlgorithmNotSupported(Uri authority, DpopKey key, string[] algorithms) => new(
        DpopTokenErrorCodes.AlgorithmNotSupported,
        $"The key {key} is for {key.Algorithm}, but {authority} takes proofs signed with {ServerText.Clean(string.Join(", ", algorithms))} "
        + $"(dpop_signing_alg_values_supported, RFC 9449 section 5.1). Use a key for one of these: see {nameof(DpopOptions)}.{nameof(DpopOptions.KeyAlgorithm)}.");
}
