using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>
/// Asks the verifier about one claim alone. The verifier stops at the first check that fails; a proof of our own, which has the claim in question and
/// is right in everything else, gets its verdict about the checks after that.
/// </summary>
internal sealed class SoleClaim(ExplainQuestion question, JsonElement claims)
{
    private const string Method = "GET";
    private const string Url = "https://resource.example/";

    /// <summary>What is wrong with the claim of the check, or null.</summary>
    public DpopProofResult Verify(DpopProofCheck check)
    {
        JsonObject payload = new()
        {
            ["jti"] = "1",
            ["htm"] = Method,
            ["htu"] = Url,
            ["iat"] = question.Time.ToUnixTimeSeconds(),
        };
        foreach (string name in NamesOf(check))
        {
            payload.Remove(name);
            if (claims.TryGetProperty(name, out JsonElement value))
            {
                payload[name] = JsonNode.Parse(value.GetRawText());
            }
        }

        DpopProofContext context = new(
            check == DpopProofCheck.Method ? question.Method! : Method, check == DpopProofCheck.Uri ? question.EffectiveUrl! : Url, [Sign(payload)])
        {
            AccessToken = check == DpopProofCheck.AccessTokenHash ? question.Token : null,
            AcceptNonce = check == DpopProofCheck.Nonce ? nonce => nonce == question.Nonce : null,
            Time = question.Time,
        };
        return VerifierOf(question).Verify(context);
    }

    /// <summary>A verifier by the settings of the question, without a memory of used proofs.</summary>
    public static DpopProofVerifier VerifierOf(ExplainQuestion question) => new()
    {
        MaxAge = question.MaxAge,
        MaxFutureSkew = question.Skew,
        MaximumProofLength = 64 * 1024,
        ReplayStore = null,
    };

    private static string[] NamesOf(DpopProofCheck check) => check switch
    {
        DpopProofCheck.Method => ["htm"],
        DpopProofCheck.Uri => ["htu"],
        DpopProofCheck.Nonce => ["nonce"],
        DpopProofCheck.IssuedAt => ["iat"],
        DpopProofCheck.Lifetime => ["exp", "nbf"],
        DpopProofCheck.AccessTokenHash => ["ath"],
        _ => throw new ArgumentOutOfRangeException(nameof(check)),
    };

    private static string Sign(JsonObject payload)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECPoint q = key.ExportParameters(includePrivateParameters: false).Q;
        string header =
            $$$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"{{{Base64Url.EncodeToString(q.X)}}}","y":"{{{Base64Url.EncodeToString(q.Y)}}}"}}""";
        string input = $"{Encode(header)}.{Encode(payload.ToJsonString())}";
        return $"{input}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
