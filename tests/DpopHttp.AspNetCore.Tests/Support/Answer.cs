using System.Net;
using System.Net.Http.Headers;

namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>What a request came back with.</summary>
internal sealed record Answer(HttpStatusCode Status, string[] Challenges, string? Nonce, bool IsNoStore, string Body, HttpResponseHeaders Headers)
{
    public string? DpopChallenge => Challenges.SingleOrDefault(challenge => challenge.StartsWith("DPoP ", StringComparison.Ordinal));

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        HttpResponseHeaders headers = response.Headers;
        string[] challenges = headers.NonValidated.TryGetValues("WWW-Authenticate", out HeaderStringValues values) ? [.. values] : [];
        string? nonce = headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? nonces) ? nonces.Single() : null;
        return new Answer(
            response.StatusCode, challenges, nonce, headers.CacheControl?.NoStore == true, await response.Content.ReadAsStringAsync(), headers);
    }

    public void AssertAccepted() => Assert.True(Status == HttpStatusCode.OK, $"{Status} {string.Join(" | ", Challenges)}");

    /// <summary>401, a DPoP challenge with the error and the algorithms, and nothing that may be stored.</summary>
    public void AssertRefused(string error, string? description = null)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, Status);
        Assert.Contains($"error=\"{error}\"", DpopChallenge, StringComparison.Ordinal);
        Assert.Contains("algs=\"ES256 ", DpopChallenge, StringComparison.Ordinal);
        Assert.Contains(description ?? "", DpopChallenge, StringComparison.Ordinal);
        Assert.True(IsNoStore);
        Assert.Equal(error == "use_dpop_nonce", Nonce is not null);
    }
}
