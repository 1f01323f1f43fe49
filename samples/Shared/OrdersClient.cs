using System.Net.Http.Json;

namespace Orders;

/// <summary>An ordinary typed client: nothing in it knows of tokens, proofs, nonces or challenges.</summary>
internal sealed class OrdersClient(HttpClient http)
{
    public async Task<Order[]> ListAsync(CancellationToken cancellationToken = default) =>
        await http.GetFromJsonAsync<Order[]>("orders", cancellationToken) ?? [];

    public async Task<Order?> PlaceAsync(string item, int quantity, CancellationToken cancellationToken = default)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("orders", new { item, quantity }, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Order>(cancellationToken);
    }
}
