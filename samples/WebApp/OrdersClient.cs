namespace WebApp;

/// <summary>An ordinary typed client: nothing in it knows of users, tokens, proofs or nonces.</summary>
internal sealed class OrdersClient(HttpClient http)
{
    public async Task<string[]> ListAsync(CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<string[]>("/orders", cancellationToken) ?? [];

    public async Task PlaceAsync(string item, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("/orders", new { item }, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
