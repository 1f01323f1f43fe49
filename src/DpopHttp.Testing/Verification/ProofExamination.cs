using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DpopHttp.Testing;

/// <summary>One proof under verification. Each check returns what is wrong, or null.</summary>
internal sealed class ProofExamination(DpopProofVerifier verifier, ReplayMemory replays, DpopProofContext context, DateTimeOffset now)
{
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    // The order is that of RFC 9449 section 4.3; each check may rely on those before it.
    private static readonly (DpopProofCheck Check, Func<ProofExamination, string?> Run)[] Checks =
    [
        (DpopProofCheck.SingleHeader, e => e.CheckSingleHeader()),
        (DpopProofCheck.WellFormed, e => e.CheckWellFormed()),
        (DpopProofCheck.RequiredClaims, e => e.CheckRequiredClaims()),
        (DpopProofCheck.Type, e => e.CheckType()),
        (DpopProofCheck.Algorithm, e => e.CheckAlgorithm()),
        (DpopProofCheck.Signature, e => e.CheckSignature()),
        (DpopProofCheck.NoPrivateKey, e => e.CheckNoPrivateKey()),
        (DpopProofCheck.Method, e => e.CheckMethod()),
        (DpopProofCheck.Uri, e => e.CheckUri()),
        (DpopProofCheck.Nonce, e => e.CheckNonce()),
        (DpopProofCheck.IssuedAt, e => e.CheckIssuedAt()),
        (DpopProofCheck.AccessTokenHash, e => e.CheckAccessTokenHash()),
        (DpopProofCheck.KeyBinding, e => e.CheckKeyBinding()),
        (DpopProofCheck.Replay, e => e.CheckReplay()),
    ];

    private readonly double _now = now.ToUnixTimeMilliseconds() / 1000.0;

    private CompactJwt? _proof;
    private IReadOnlyDictionary<string, JsonElement>? _jwk;
    private ProofKey? _key;

    public DpopProofResult Run()
    {
        foreach ((DpopProofCheck check, Func<ProofExamination, string?> run) in Checks)
        {
            if (run(this) is { } problem)
            {
                return Result(check, problem);
            }
        }

        return Result(null, null);
    }

    private DpopProofResult Result(DpopProofCheck? failedCheck, string? description) => new()
    {
        FailedCheck = failedCheck,
        Description = description,
        Thumbprint = _key?.Thumbprint,
        JwtId = _proof is null ? null : Claim("jti"),
        Header = _proof?.Header ?? CompactJwt.NoMembers,
        Claims = _proof?.Claims ?? CompactJwt.NoMembers,
    };

    private string? CheckSingleHeader() =>
        context.Proofs.Count == 1 ? null : $"The request has {context.Proofs.Count} DPoP header fields; exactly 1 is expected.";

    private string? CheckWellFormed()
    {
        _proof = CompactJwt.Parse(context.Proofs[0], out string? problem);
        return problem;
    }

    private string? CheckRequiredClaims()
    {
        if (string.IsNullOrEmpty(Claim("jti")))
        {
            return "The jti claim is missing, empty or not a string.";
        }

        foreach (string name in (string[])["htm", "htu"])
        {
            if (Claim(name) is null)
            {
                return $"The {name} claim is missing or not a string.";
            }
        }

        bool hasNumber = _proof!.Claims.TryGetValue("iat", out JsonElement issuedAt) && issuedAt.ValueKind == JsonValueKind.Number;
        return hasNumber ? null : "The iat claim is missing or not a number.";
    }

    private string? CheckType() =>
        Parameter("typ") is var type && type == "dpop+jwt" ? null : $"The typ is {Quote(type)}; 'dpop+jwt' is expected.";

    private string? CheckAlgorithm() =>
        Parameter("alg") is { } name && verifier.Algorithms.Contains(name) && ProofAlgorithm.Find(name) is not null
            ? null
            : $"The alg is {Quote(Parameter("alg"))}; accepted are: {string.Join(' ', verifier.Algorithms)}.";

    private string? CheckSignature()
    {
        if (!_proof!.Header.TryGetValue("jwk", out JsonElement jwk) || jwk.ValueKind != JsonValueKind.Object)
        {
            return "The jwk header parameter is missing or not an object.";
        }

        _jwk = jwk.EnumerateObject().ToDictionary(m => m.Name, m => m.Value, StringComparer.Ordinal);
        _key = ProofKey.Read(_jwk, ProofAlgorithm.Find(Parameter("alg")!)!, out string? problem);
        if (_key is null)
        {
            return problem;
        }

        return _key.Verify(_proof.SigningInput, _proof.Signature) ? null : "The signature does not verify with the key in jwk.";
    }

    private string? CheckNoPrivateKey()
    {
        string[] found = [.. PrivateMembers.Where(_jwk!.ContainsKey)];
        return found.Length == 0 ? null : $"The jwk has private members ({string.Join(", ", found)}); only the public key belongs there.";
    }

    private string? CheckMethod() =>
        Claim("htm") is var method && method == context.Method ? null : $"The htm is {Quote(method)}; the request is '{context.Method}'.";

    private string? CheckUri()
    {
        string claimed = Claim("htu")!;
        string? expected = NormalizedUri.From(context.Uri);
        if (NormalizedUri.From(claimed) is not { } found)
        {
            return $"The htu is {Quote(claimed)}, which is no absolute URI without user information; the request is for '{expected}'.";
        }

        return found == expected ? null : $"The htu is {Quote(claimed)}; the request is for '{expected}'.";
    }

    private string? CheckNonce()
    {
        if (context.AcceptNonce is not { } accept)
        {
            return null;
        }

        if (Claim("nonce") is not { } nonce)
        {
            return "The nonce claim is missing or not a string; the server demands one.";
        }

        return accept(nonce) ? null : "The nonce is not one that the server accepts now.";
    }

    private string? CheckIssuedAt()
    {
        double age = _now - IssuedAt;
        if (age > verifier.MaxAge.TotalSeconds)
        {
            return $"The proof is {Seconds(age)} s old by its iat; accepted are {Seconds(verifier.MaxAge.TotalSeconds)} s.";
        }

        return -age > verifier.MaxFutureSkew.TotalSeconds
            ? $"The iat is {Seconds(-age)} s in the future; accepted are {Seconds(verifier.MaxFutureSkew.TotalSeconds)} s."
            : null;
    }

    private string? CheckAccessTokenHash()
    {
        if (context.AccessToken is not { } token)
        {
            return null;
        }

        string expected = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        return Claim("ath") is var hash && hash == expected
            ? null
            : $"The ath is {Quote(hash)}; the hash of the token that came with the proof is '{expected}'.";
    }

    private string? CheckKeyBinding() =>
        context.BoundThumbprint is not { } bound || bound == _key!.Thumbprint
            ? null
            : $"The token is bound to the key '{bound}'; the key of the proof is '{_key.Thumbprint}'.";

    private string? CheckReplay()
    {
        double expiry = IssuedAt + verifier.MaxAge.TotalSeconds;
        return !verifier.DetectReplays || replays.TryAdd(_key!.Thumbprint, Claim("jti")!, expiry, _now)
            ? null
            : "The jti was used before with this key.";
    }

    private double IssuedAt => _proof!.Claims["iat"].GetDouble();

    private string? Claim(string name) => StrictJson.GetString(_proof!.Claims, name);

    private string? Parameter(string name) => StrictJson.GetString(_proof!.Header, name);

    private static string Quote(string? text) => text switch
    {
        null => "missing or not a string",
        { Length: > 200 } => $"'{text[..200]}…'",
        _ => $"'{text}'",
    };

    private static string Seconds(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
