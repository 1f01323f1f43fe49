namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>How a client shows the token endpoint who it is, with one request.</summary>
/// <param name="Options">As they were when the request was made.</param>
/// <param name="Audience">What an assertion is addressed to.</param>
internal sealed record ClientCredentials(DpopTokenOptions Options, string Audience);
