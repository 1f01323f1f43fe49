namespace DpopHttp.OpenIdConnect.Tests.Support;

/// <summary>Sends a form as it is, for a test that does something with the answer before the app gets it.</summary>
internal static class Forwarded
{
    public static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        using HttpClient network = new();
        using HttpRequestMessage copy = new(HttpMethod.Post, request.RequestUri) { Content = new ByteArrayContent(await request.Content!.ReadAsByteArrayAsync()) };
        copy.Content.Headers.ContentType = request.Content.Headers.ContentType;
        copy.Headers.Add("DPoP", request.Headers.GetValues("DPoP"));
        return await network.SendAsync(copy);
    }
}
