using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace DpopHttp.Benchmarks;

/// <summary>
/// What proofs and the handler cost as multiples of a bare P-256 signature, all in one run.
/// </summary>
internal static class Costs
{
    private const int CallsPerTurn = 100;

    public static void Run(TextWriter output, int turns = 200)
    {
        using DpopKey key = DpopKey.Generate();
        using ECDsa bare = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] hash = RandomNumberGenerator.GetBytes(32), signed = new byte[64];
        string token = Sample.JwtToken(key);
        using WaitingPrimary end = new(), bareEnd = new();
        using HttpMessageInvoker dpop = new(new DpopHandler(key) { InnerHandler = end }), plain = new(bareEnd);
        AuthenticationHeaderValue typed = new("DPoP", token), typedBearer = new("Bearer", token);
        string text = $"DPoP {token}", bearer = $"Bearer {token}";
        PeerProof peer = new(token);
        Uri[] origins = [.. Enumerable.Range(0, 4096).Select(i => new Uri($"https://h{i}.example.com/v1/orders/4711"))];
        string[] tokens = [.. Enumerable.Range(0, 4096).Select(i => $"DPoP {token[..^8]}{i:00000000}")];
        VerifiedProof.Require(DpopProof.Create(key, HttpMethod.Get, Sample.Uri, token, Sample.Nonce), Sample.Uri, token, Sample.Nonce);
        VerifiedProof.Require(peer.Create(), Sample.Uri, token, Sample.Nonce);
        int next = 0;
        CostCase[] cases =
        [
            new("bare signature", () => bare.TrySignHash(hash, signed, out _)),
            new("proof, 1 KB token and nonce", () => DpopProof.Create(key, HttpMethod.Get, Sample.Uri, token, Sample.Nonce)),
            new("proof, no token", () => DpopProof.Create(key, HttpMethod.Get, Sample.Uri)),
            new("bare pipeline, text", () => bareEnd.Send(plain, request => request.Headers.TryAddWithoutValidation("Authorization", text))),
            new("handler, text", () => end.Send(dpop, request => request.Headers.TryAddWithoutValidation("Authorization", text))),
            new("handler, Bearer text upgraded", () => end.Send(dpop, request => request.Headers.TryAddWithoutValidation("Authorization", bearer))),
            new("bare pipeline, object", () => bareEnd.Send(plain, request => request.Headers.Authorization = typed)),
            new("handler, object", () => end.Send(dpop, request => request.Headers.Authorization = typed)),
            new("handler, Bearer object upgraded", () => end.Send(dpop, request => request.Headers.Authorization = typedBearer)),
            new("handler, no token", () => end.Send(dpop, _ => { })),
            new("handler, another origin each time", () => end.Send(dpop, request =>
            {
                request.RequestUri = origins[next++ % origins.Length];
                request.Headers.TryAddWithoutValidation("Authorization", text);
            })),
            new("handler, another token each time", () => end.Send(dpop, request => request.Headers.TryAddWithoutValidation("Authorization", tokens[next++ % tokens.Length]))),
            new("JsonWebTokenHandler, the same proof", () => peer.Create()),
        ];
        CostCase.Take(cases, turns, CallsPerTurn);
        CostCase signature = cases[0];
        foreach (CostCase one in cases)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {one.Name,-36} | {one.Time,8:0.00} µs | {one.RatioTo(signature),6:0.000} | {one.Bytes,6:0} B |"));
        }

        foreach ((CostCase without, CostCase with, string form) in ((CostCase, CostCase, string)[])[(cases[3], cases[4], "text"), (cases[6], cases[7], "object")])
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"handler above bare, {form}: {with.Above(without, signature):0.000}, {with.Bytes - without.Bytes:0} B"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a miss at the limit of origins: {cases[10].RatioTo(cases[4]):0.000} of a hit; of tokens: {cases[11].RatioTo(cases[4]):0.000}"));
    }
}
