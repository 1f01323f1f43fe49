using DpopHttp.Integrations.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Integrations.Tests.Streams;

public class SignalRTests
{
    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task A_connection_works(HttpTransportType transport)
    {
        await using Gate gate = await Gate.StartAsync(app => app.MapHub<Orders>("/orders"), services => services.AddSignalR());
        Uri address = new(gate.Address, "orders");
        using DpopKey key = DpopKey.Generate();
        for (int connection = 0; connection < 2; connection++)
        {
            await using HubConnection orders = new HubConnectionBuilder()
                .WithUrl(address, transport, options => options.UseDpop(key, () => Task.FromResult<string?>("opaque")))
                .Build();
            await orders.StartAsync();
            Assert.Equal($"{transport}: books", await orders.InvokeAsync<string>("Add", "books"));

            // The nonce is learnt by the first request of the first connection, and by no other.
            int[] statuses = gate.TakeStatuses();
            Assert.Equal(connection == 0 ? 401 : 200, statuses[0]);
            Assert.DoesNotContain(401, statuses[1..]);
            gate.Rotate();
            Assert.Equal($"{transport}: more books", await orders.InvokeAsync<string>("Add", "more books"));
            await orders.StopAsync();
            await using HubConnection renewed = new HubConnectionBuilder()
                .WithUrl(address, transport, options => options.UseDpop(key, () => Task.FromResult<string?>("opaque")))
                .Build();
            await renewed.StartAsync();
            Assert.Contains(401, gate.TakeStatuses());
        }
    }

    private sealed class Orders : Hub
    {
        public string Add(string article) => $"{Context.Features.Get<IHttpTransportFeature>()!.TransportType}: {article}";
    }
}
