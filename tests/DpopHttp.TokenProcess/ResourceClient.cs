namespace DpopHttp.TokenProcess;

/// <summary>An ordinary typed client.</summary>
internal sealed class ResourceClient(HttpClient http)
{
    public async Task GetAsync()
    {
        using HttpResponseMessage response = await http.GetAsync((Uri?)null);
        response.EnsureSuccessStatusCode();
    }
}
