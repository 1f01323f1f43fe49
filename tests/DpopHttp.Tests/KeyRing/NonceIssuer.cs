using System.Collections.Concurrent;
using DpopHttp.Testing;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tests.KeyRing;

/// <summary>
/// A server that takes any key, verifies each proof with it, takes only nonces that it gave to that very key, and writes down what should
/// not have happened.
/// </summary>
/// <param name="oneTime">Each nonce is good once; else the last three of a key are. A challenge's own nonce is good once in any case.</param>
internal sealed class NonceIssuer(bool oneTime)
{
    private const int Remembered = 3;

    private readonly DpopProofVerifier _verifier = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _givenTo = [];
    private readonly Dictionary<string, List<string>> _recent = [];
    private readonly HashSet<string> _unused = [];
    private readonly HashSet<string> _jtis = [];

    public ConcurrentQueue<string> Problems { get; } = [];

    /// <summary>The thumbprints of the keys whose requests were accepted, in the order of their first one.</summary>
    public List<string> Signers { get; } = [];

    public int Accepted { get; private set; }

    public int Challenged { get; private set; }

    public Task HandleAsync(HttpContext context)
    {
        string[] proofs = [.. context.Request.Headers["DPoP"].OfType<string>()];
        Uri uri = new($"http://{context.Request.Host}{context.Request.Path}");
        DpopProofResult result = _verifier.Verify(new DpopProofContext(context.Request.Method, uri, proofs) { AccessToken = "token" });
        if (!result.IsValid || context.Request.Headers.Authorization != "DPoP token")
        {
            Problems.Enqueue($"{context.Request.Method} {uri.AbsolutePath} was not proven: {result}");
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        string? nonce = result.Claims.TryGetValue("nonce", out System.Text.Json.JsonElement claim) ? claim.GetString() : null;
        Answer(context.Response, result.Thumbprint!, result.JwtId!, nonce);
        return Task.CompletedTask;
    }

    private void Answer(HttpResponse response, string signer, string jti, string? nonce)
    {
        lock (_lock)
        {
            if (!_jtis.Add(jti))
            {
                Problems.Enqueue($"the jti {jti} came twice");
            }

            if (nonce is not null && !_givenTo.ContainsKey(nonce))
            {
                Problems.Enqueue($"the nonce {nonce} was given to nobody and came from {signer}");
            }

            bool accepts = IsGood(signer, nonce);
            response.Headers["DPoP-Nonce"] = Give(signer, isChallenge: !accepts);
            if (!accepts)
            {
                Challenged++;
                response.StatusCode = StatusCodes.Status401Unauthorized;
                response.Headers.WWWAuthenticate = "DPoP error=\"use_dpop_nonce\"";
                return;
            }

            Accepted++;
            if (!Signers.Contains(signer))
            {
                Signers.Add(signer);
            }
        }
    }

    private bool IsGood(string signer, string? nonce) =>
        nonce is not null && _givenTo.GetValueOrDefault(nonce) == signer && (_unused.Remove(nonce) || (!oneTime && _recent.GetValueOrDefault(signer, []).Contains(nonce)));

    private string Give(string signer, bool isChallenge)
    {
        string nonce = $"n{_givenTo.Count}";
        _givenTo.Add(nonce, signer);
        if (oneTime || isChallenge)
        {
            _unused.Add(nonce);
        }

        if (!_recent.TryGetValue(signer, out List<string>? recent))
        {
            _recent.Add(signer, recent = []);
        }

        recent.Add(nonce);
        if (recent.Count > Remembered)
        {
            recent.RemoveAt(0);
        }

        return nonce;
    }
}
