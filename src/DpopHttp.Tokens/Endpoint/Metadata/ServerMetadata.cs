namespace DpopHttp.Tokens.Endpoint.Metadata;

/// <summary>What is needed of an authorization server's metadata (RFC 8414 section 2, RFC 9449 section 5.1).</summary>
/// <param name="Issuer">As the server writes it: client assertions are addressed to it.</param>
/// <param name="TokenEndpoint">The token endpoint.</param>
/// <param name="Algorithms">Those that proofs may be signed with. Empty: the server doesn't say.</param>
/// <param name="RequiresBoundTokens">Whether the server says that it gives bound tokens only (<c>dpop_bound_access_tokens_required</c>).</param>
internal sealed record ServerMetadata(string Issuer, Uri TokenEndpoint, string[] Algorithms, bool RequiresBoundTokens);
