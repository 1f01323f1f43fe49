using System.Net.Http.Headers;

namespace DpopHttp.Tokens.Caching;

/// <summary>A token, the key that it is bound to, and how long to use it.</summary>
internal sealed class IssuedToken
{
    /// <summary>A server that does not say how long (RFC 6749 section 5.1) says so with a 401.</summary>
    public static readonly TimeSpan AssumedLifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLead = TimeSpan.FromMinutes(5);

    public IssuedToken(DpopKey key, string scheme, string value, DateTimeOffset obtainedAt, DateTimeOffset expiresAt)
    {
        Key = key;
        Header = new AuthenticationHeaderValue(scheme, value);
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

    public DateTimeOffset ObtainedAt { get; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Later it might expire on its way to the API.</summary>
    public DateTimeOffset UsableUntil { get; }

    /// <summary>From then on a new one is fetched while this one goes on being used.</summary>
    public DateTimeOffset RenewAt { get; }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
