using DpopHttp.Tests.Handmade;

namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>Has a key and a token that is bound to it, and makes each proof by hand.</summary>
internal sealed class Caller : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = Loopback.ConnectAsync,
        SslOptions = { CertificateChainPolicy = Loopback.TrustOfNginx() },
    });

    public Caller() => Token = TokenIssuer.Issue(Key.Thumbprint);

    public HandmadeKey Key { get; } = HandmadeKey.Create();

    public string Token { get; set; }

    /// <summary>The clock that proofs are made by.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public HandmadeProof Proof(string uri, string method = "GET", string? nonce = null, HandmadeKey? key = null) =>
        new(key ?? Key, method, uri, Clock.GetUtcNow(), Token, nonce);

    /// <summary>Sends the token with these proofs; the URI goes over the wire as it is written.</summary>
    public async Task<Answer> SendAsync(
        string version, string uri, string? proof, string scheme = "DPoP", string method = "GET", string? token = null, string? host = null)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri(uri, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = Version.Parse(version.Split(' ')[^1]),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {token ?? Token}");
        request.Headers.Host = host;
        if (proof is not null)
        {
            request.Headers.TryAddWithoutValidation("DPoP", proof);
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    /// <summary>A good request, but for what is spoilt.</summary>
    public Task<Answer> SendAsync(string version, string uri, Action<HandmadeProof>? spoil = null)
    {
        HandmadeProof proof = Proof(uri);
        spoil?.Invoke(proof);
        return SendAsync(version, uri, proof.ToString());
    }

    public async Task<Answer> SendWithoutCredentialsAsync(string version, string uri)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, uri)
        {
            Version = Version.Parse(version.Split(' ')[^1]),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await _http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public void Dispose()
    {
        _http.Dispose();
        Key.Dispose();
    }
}
