namespace DpopHttp.Tokens.Caching;

/// <summary>A token as other instances see it in the distributed cache. Without the key that it is bound to it is of no use.</summary>
internal sealed record SharedToken(string? Value, DateTimeOffset ObtainedAt, DateTimeOffset ExpiresAt);
