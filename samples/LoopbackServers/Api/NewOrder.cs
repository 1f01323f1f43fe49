namespace LoopbackServers.Api;

internal sealed record NewOrder(string Item, int Quantity);
