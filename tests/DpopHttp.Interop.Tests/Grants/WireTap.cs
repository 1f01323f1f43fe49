namespace DpopHttp.Interop.Tests.Grants;

/// <summary>Next to the network: it notes each attempt, those that a handler makes on its own too.</summary>
internal sealed class WireTap(ICollection<Attempt> attempts, HttpMessageHandler network) : DelegatingHandler(network)
{
    private const string FormType = "application/x-www-form-urlencoded";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        (HttpMethod method, Uri uri, string? token) = (request.Method, request.RequestUri!, request.Headers.Authorization?.Parameter);
        string form = request.Content?.Headers.ContentType?.MediaType == FormType ? await request.Content.ReadAsStringAsync(cancellationToken) : "";
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        lock (attempts)
        {
            attempts.Add(new Attempt(method, uri, token, Read(form), response.StatusCode));
        }

        return response;
    }

    private static Dictionary<string, string> Read(string form) => form.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(field => field.Split('=', 2))
        .ToDictionary(field => field[0], field => Uri.UnescapeDataString(field[1].Replace('+', ' ')));
}
