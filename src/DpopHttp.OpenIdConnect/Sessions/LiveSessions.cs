using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>The sessions that were used last, decrypted and with their keys imported, which takes longer than a proof. The store has the others.</summary>
internal sealed class LiveSessions(int limit, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, LiveSession> _sessions = new(StringComparer.Ordinal);
    private readonly Lock _sweep = new();

    public int Count => _sessions.Count;

    public bool TryGet(string id, [NotNullWhen(true)] out LiveSession? session)
    {
        if (!_sessions.TryGetValue(id, out session))
        {
            return false;
        }

        session.UsedAt = time.GetTimestamp();
        return true;
    }

    public LiveSession Set(LiveSession session)
    {
        _sessions[session.Record.Id] = session;
        if (_sessions.Count > limit)
        {
            MakeRoom();
        }

        return session;
    }

    public void Remove(string id) => _sessions.TryRemove(id, out _);

    private void MakeRoom()
    {
        lock (_sweep)
        {
            int surplus = _sessions.Count - (limit - (limit / 20));
            if (_sessions.Count <= limit || surplus <= 0)
            {
                return;
            }

            (string Id, long UsedAt)[] all = [.. _sessions.Select(session => (session.Key, session.Value.UsedAt))];
            Array.Sort(all, (x, y) => x.UsedAt.CompareTo(y.UsedAt));
            foreach ((string id, _) in all.Take(surplus))
            {
                _sessions.TryRemove(id, out _);
            }
        }
    }
}
