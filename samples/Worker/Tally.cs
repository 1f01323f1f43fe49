using LoopbackServers;

namespace Worker;

/// <summary>What happened so far: the calls as the service saw them, tokens and challenges as the servers did.</summary>
internal sealed class Tally
{
    private int _calls;
    private int _failed;
    private int _tokens;
    private int _challenges;
    private int _nonces;

    public int Failed => Volatile.Read(ref _failed);

    public void NoteCall(bool succeeded)
    {
        Interlocked.Increment(ref _calls);
        if (!succeeded)
        {
            Interlocked.Increment(ref _failed);
        }
    }

    public void NoteAuthorizationServer(LoopbackExchange exchange)
    {
        if (exchange is { Method: "POST", Status: 200 })
        {
            Interlocked.Increment(ref _tokens);
        }

        NoteNonce(exchange);
    }

    public void NoteApi(LoopbackExchange exchange) => NoteNonce(exchange);

    /// <summary>One line, for people.</summary>
    public override string ToString() => $"{_calls} calls, {_failed} failed, {_tokens} tokens, {_nonces} new nonces, {_challenges} challenges";

    private void NoteNonce(LoopbackExchange exchange)
    {
        if (exchange.NonceGiven is not null)
        {
            Interlocked.Increment(ref _nonces);
        }

        if (exchange.Error == "use_dpop_nonce")
        {
            Interlocked.Increment(ref _challenges);
        }
    }
}
