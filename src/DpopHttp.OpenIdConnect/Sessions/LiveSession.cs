namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>A session as it was last read or written, with its key. A change makes another one.</summary>
internal sealed class LiveSession
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestLead = TimeSpan.FromMinutes(5);

    private long _usedAt;

    public LiveSession(SessionRecord record, DpopKey key, long readAt)
    {
        Record = record;
        Key = key;
        ReadAt = readAt;
        _usedAt = readAt;
        TimeSpan lifetime = record.ExpiresAt - record.ObtainedAt;
        UsableUntil = record.ExpiresAt - Shorter(lifetime / 10, LongestMargin);
        RenewAt = UsableUntil - Shorter(lifetime / 4, LongestLead);
    }

    public SessionRecord Record { get; }

    public DpopKey Key { get; }

    /// <summary>When it was in the store as it is here: a timestamp.</summary>
    public long ReadAt { get; }

    /// <summary>Later the token might expire on its way to the API.</summary>
    public DateTimeOffset UsableUntil { get; }

    /// <summary>From then on a new token is fetched while this one goes on being used.</summary>
    public DateTimeOffset RenewAt { get; }

    /// <summary>Why the last renewal failed, and until when none is tried; null if it didn't.</summary>
    public RenewalFailure? Failure { get; set; }

    public long UsedAt
    {
        get => Volatile.Read(ref _usedAt);
        set => Volatile.Write(ref _usedAt, value);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
