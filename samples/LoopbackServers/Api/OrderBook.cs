using System.Collections.Concurrent;

namespace LoopbackServers.Api;

/// <summary>The data behind the API, in memory.</summary>
internal sealed class OrderBook
{
    private readonly ConcurrentDictionary<int, Order> _orders = new();
    private int _lastId;

    public OrderBook() => Add("espresso beans", 2);

    public IEnumerable<Order> All => _orders.Values.OrderBy(order => order.Id);

    public Order? Find(int id) => _orders.GetValueOrDefault(id);

    public Order Add(string item, int quantity)
    {
        Order order = new(Interlocked.Increment(ref _lastId), item, quantity);
        return _orders[order.Id] = order;
    }
}
