using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Quickstart;

/// <summary>An ordinary typed client: nothing in it knows of proofs, nonces or challenges.</summary>
internal sealed class OrdersClient(HttpClient http)
{
    public void UseToken(string accessToken) =>
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("DPoP", accessToken);

    public async Task<Order[]> ListAsync() => await http.GetFromJsonAsync<Order[]>("orders") ?? [];

    public async Task<Order?> PlaceAsync(string item, int quantity)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("orders", new { item, quantity });
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Order>();
    }
}
