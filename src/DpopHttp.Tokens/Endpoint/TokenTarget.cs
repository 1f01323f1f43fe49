namespace DpopHttp.Tokens.Endpoint;

/// <summary>Where a token request goes.</summary>
/// <param name="Uri">The token endpoint.</param>
/// <param name="Audience">What a client assertion is addressed to: the issuer where it is known, else the endpoint (RFC 7523 section 3).</param>
/// <param name="RequiresBoundTokens">Whether the server says that it gives no others.</param>
internal sealed record TokenTarget(Uri Uri, string Audience, bool RequiresBoundTokens);
