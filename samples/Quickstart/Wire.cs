using LoopbackServers;

namespace Quickstart;

/// <summary>What went over the wire, as the servers saw it.</summary>
internal sealed class Wire
{
    private readonly Lock _gate = new();
    private List<LoopbackExchange> _exchanges = [];

    public void Note(LoopbackExchange exchange)
    {
        lock (_gate)
        {
            _exchanges.Add(exchange);
        }
    }

    /// <summary>The exchanges since the last call.</summary>
    public IReadOnlyList<LoopbackExchange> Take()
    {
        lock (_gate)
        {
            List<LoopbackExchange> taken = _exchanges;
            _exchanges = [];
            return taken;
        }
    }
}
