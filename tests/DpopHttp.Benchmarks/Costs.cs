using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace DpopHttp.Benchmarks;

/// <summary>
/// What proofs and the handler cost as multiples of a bare P-256 signature, all in one run: the cases take turns, thousands of times, and the fastest turn of each
/// counts, so that what else the machine does falls on all alike.
/// </summary>
internal static class Costs
{
    private const int Turns = 400;
    private const int CallsPerTurn = 25;

    public static void Run(TextWriter output)
    {
        using DpopKey key = DpopKey.Generate();
        using ECDsa bare = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] hash = RandomNumberGenerator.GetBytes(32), signature = new byte[64];
        string token = Sample.JwtToken(key);
        using WaitingPrimary end = new(), bareEnd = new();
        using HttpMessageInvoker dpop = new(new DpopHandler(key) { InnerHandler = end }), plain = new(bareEnd);
        AuthenticationHeaderValue typed = new("DPoP", token), typedBearer = new("Bearer", token);
        string text = $"DPoP {token}", bearer = $"Bearer {token}";
        PeerProof peer = new(token);
        Uri[] origins = [.. Enumerable.Range(0, 4096).Select(i => new Uri($"https://h{i}.example.com/v1/orders/4711"))];
        string[] tokens = [.. Enumerable.Range(0, 4096).Select(i => $"DPoP {i}.{token[4..]}")];
        VerifiedProof.Require(DpopProof.Create(key, HttpMethod.Get, Sample.Uri, token, Sample.Nonce), Sample.Uri, token, Sample.Nonce);
        VerifiedProof.Require(peer.Create(), Sample.Uri, token, Sample.Nonce);
        int next = 0;
        CostCase[] cases =
        [
            new("bare signature", () => bare.TrySignHash(hash, signature, out _)),
            new("proof, 1 KB token and nonce", () => DpopProof.Create(key, HttpMethod.Get, Sample.Uri, token, Sample.Nonce)),
            new("proof, no token", () => DpopProof.Create(key, HttpMethod.Get, Sample.Uri)),
            new("bare pipeline, text", () => Send(plain, bareEnd, request => request.Headers.TryAddWithoutValidation("Authorization", text))),
            new("handler, text", () => Send(dpop, end, request => request.Headers.TryAddWithoutValidation("Authorization", text))),
            new("handler, Bearer text upgraded", () => Send(dpop, end, request => request.Headers.TryAddWithoutValidation("Authorization", bearer))),
            new("bare pipeline, object", () => Send(plain, bareEnd, request => request.Headers.Authorization = typed)),
            new("handler, object", () => Send(dpop, end, request => request.Headers.Authorization = typed)),
            new("handler, Bearer object upgraded", () => Send(dpop, end, request => request.Headers.Authorization = typedBearer)),
            new("handler, no token", () => Send(dpop, end, _ => { })),
            new("handler, another origin each time", () => Send(dpop, end, request =>
            {
                request.RequestUri = origins[next++ % origins.Length];
                request.Headers.TryAddWithoutValidation("Authorization", text);
            })),
            new("handler, another token each time", () => Send(dpop, end, request => request.Headers.TryAddWithoutValidation("Authorization", tokens[next++ % tokens.Length]))),
            new("JsonWebTokenHandler, the same proof", () => peer.Create()),
        ];
        CostCase.Take(cases, Turns, CallsPerTurn);
        double signatureTime = cases[0].Fastest;
        foreach (CostCase one in cases)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {one.Name,-36} | {one.Fastest,8:0.00} µs | {one.Fastest / signatureTime,6:0.000} | {one.Bytes,6:0} B |"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"handler above bare, text: {1 + ((cases[4].Fastest - cases[3].Fastest - signatureTime) / signatureTime):0.000}, {cases[4].Bytes - cases[3].Bytes:0} B"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a miss at the limit of origins: {cases[10].Fastest / cases[4].Fastest:0.000} of a hit; of tokens: {cases[11].Fastest / cases[4].Fastest:0.000}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"handler above bare, object: {1 + ((cases[7].Fastest - cases[6].Fastest - signatureTime) / signatureTime):0.000}, {cases[7].Bytes - cases[6].Bytes:0} B"));
    }

    private static void Send(HttpMessageInvoker invoker, WaitingPrimary end, Action<HttpRequestMessage> authorize)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Sample.Uri);
        authorize(request);
        Task<HttpResponseMessage> sending = invoker.SendAsync(request, CancellationToken.None);
        end.Answer();
        sending.GetAwaiter().GetResult().Dispose();
    }

    /// <summary>Answers when it is told to, on the caller's thread: the request really waits, and all its memory is counted.</summary>
    private sealed class WaitingPrimary : HttpMessageHandler
    {
        private TaskCompletionSource<HttpResponseMessage> _pending = new();
        private bool _isVerified;

        public void Answer() => _pending.SetResult(new HttpResponseMessage(HttpStatusCode.OK));

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!_isVerified && request.Headers.NonValidated.Contains("DPoP"))
            {
                VerifiedProof.Require(request);
                _isVerified = true;
            }

            _pending = new TaskCompletionSource<HttpResponseMessage>();
            return _pending.Task;
        }
    }
}
