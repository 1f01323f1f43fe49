namespace DpopHttp.Tool.Probing;

/// <summary>The request that is made again and again, and what a right proof for it has.</summary>
internal sealed record ProbeFacts(string Method, Uri Url, string Token, DateTimeOffset Time, string? Nonce);
