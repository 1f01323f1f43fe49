using System.Net.Http.Headers;
using System.Net.Http.Json;
using DpopHttp;

namespace Quickstart;

/// <summary>Has a token and a proof that somebody's log gave away, and a key of its own. What it lacks is the client's key.</summary>
internal sealed class Thief(HttpClient http, string token) : IDisposable
{
    private readonly DpopKey _key = DpopKey.Generate();

    /// <summary>A proof for the stolen token, right in every claim, by the thief's own key.</summary>
    public string MakeProof(HttpMethod method, Uri uri, string? nonce) => DpopProof.Create(_key, method, uri, token, nonce);

    /// <summary>Sends the stolen token and returns the challenge that came back; null if there was none.</summary>
    public async Task<DpopChallenge?> TryAsync(HttpMethod method, Uri uri, string scheme, string? proof)
    {
        using HttpRequestMessage request = new(method, uri);
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
        request.Content = method == HttpMethod.Post ? JsonContent.Create(new { item = "one-way ticket", quantity = 1 }) : null;
        if (proof is not null)
        {
            request.Headers.Add("DPoP", proof);
        }

        using HttpResponseMessage response = await http.SendAsync(request);
        return response.GetDpopChallenge();
    }

    public void Dispose() => _key.Dispose();
}
