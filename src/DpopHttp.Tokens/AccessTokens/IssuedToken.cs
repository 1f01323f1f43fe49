using System.Net.Http.Headers;

namespace DpopHttp.Tokens.AccessTokens;

/// <summary>A token, the key that it is bound to, and how long to use it.</summary>
internal sealed class IssuedToken
{
    /// <summary>A server that does not say how long (RFC 6749 section 5.1) says so with a 401.</summary>
    public static readonly TimeSpan AssumedLifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLead = TimeSpan.FromMinutes(5);

    public IssuedToken(DpopKey key, bool isBound, string value, DateTimeOffset obtainedAt, DateTimeOffset expiresAt, bool isFromCache = false)
    {
        IsFromCache = isFromCache;
        Key = key;
        IsBound = isBound;
        Header = new AuthenticationHeaderValue(isBound ? "DPoP" : "Bearer", value);
        ObtainedAt = obtainedAt;
        ExpiresAt = expiresAt;
        TimeSpan lifetime = expiresAt - obtainedAt;
        UsableUntil = expiresAt - Shorter(lifetime / 10, LongestMargin);

        // Instances that share a token would all renew it at once.
        double jitter = 0.75 + (Random.Shared.NextDouble() / 2);
        RenewAt = UsableUntil - (Shorter(lifetime / 4, LongestLead) * jitter);
    }

    public DpopKey Key { get; }

    public AuthenticationHeaderValue Header { get; }

    public string Value => Header.Parameter!;

    /// <summary>Whether it is of no use without the key. One that is not is a Bearer token, allowed for a migration.</summary>
    public bool IsBound { get; }

    /// <summary>Whether another instance got it, or whoever else can write to the cache put it there.</summary>
    public bool IsFromCache { get; }

    public DateTimeOffset ObtainedAt { get; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Later it might expire on its way to the API.</summary>
    public DateTimeOffset UsableUntil { get; }

    /// <summary>From then on a new one is fetched while this one goes on being used.</summary>
    public DateTimeOffset RenewAt { get; }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
