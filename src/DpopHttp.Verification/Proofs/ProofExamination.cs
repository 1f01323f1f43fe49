using System.Buffers;
using System.Text.Json;

namespace DpopHttp.Verification;

/// <summary>One proof under verification, all but the question whether it was used before. Each check returns what is wrong, or null.</summary>
internal sealed class ProofExamination(DpopProofVerifier verifier, DpopProofContext context) : IDisposable
{
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

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
        (DpopProofCheck.Lifetime, e => e.CheckLifetime()),
        (DpopProofCheck.AccessTokenHash, e => e.CheckAccessTokenHash()),
        (DpopProofCheck.KeyBinding, e => e.CheckKeyBinding()),
    ];

    private readonly TimeWindow _window =
        new(context.Time ?? verifier.TimeProvider.GetUtcNow(), verifier.MaxAge.TotalSeconds, verifier.MaxFutureSkew.TotalSeconds);

    private ProofDocument? _proof;
    private ProofAlgorithm? _algorithm;
    private JsonElement _jwk;
    private ProofKey? _key;
    private bool _isKeyShared;
    private string? _jwtId;
    private string? _uri;
    private double _issuedAt;
    private bool _isNonceAccepted;
    private string? _seen;
    private string? _claimed;

    /// <summary>What a proof that has passed is remembered by.</summary>
    public DpopReplayKey ReplayKey => DpopReplayKey.Create(_key!.Thumbprint, _uri!, _jwtId!);

    /// <summary>
    /// Until when a proof that has passed would pass again, by the verifier's clock, whatever time the context has: also at another instance
    /// whose clock is behind by the skew.
    /// </summary>
    public DateTimeOffset AcceptableUntil
    {
        get
        {
            TimeSpan left = context.NonceStandsForClock && _isNonceAccepted
                ? context.NonceLifetime
                : TimeSpan.FromSeconds(_issuedAt - _window.Now) + verifier.MaxAge;

            // A second more: a proof may be remembered too long, but not too short.
            return verifier.TimeProvider.GetUtcNow() + left + verifier.MaxFutureSkew + TimeSpan.FromSeconds(1);
        }
    }

    public DpopProofResult Run()
    {
        foreach ((DpopProofCheck check, Func<ProofExamination, string?> run) in Checks)
        {
            if (run(this) is { } problem)
            {
                return Result(check, problem);
            }
        }

        // Only now: who has no token could otherwise fill the cache with keys of no use.
        _isKeyShared = _isKeyShared || verifier.Keys.TryAdd(_key!);
        return Result(null, null);
    }

    public DpopProofResult CreateReplayed() => Result(DpopProofCheck.Replay, "The jti was used before with this key.");

    public void Dispose()
    {
        _proof?.Dispose();
        if (!_isKeyShared)
        {
            _key?.Dispose();
        }
    }

    private DpopProofResult Result(DpopProofCheck? failedCheck, string? description) => new(_proof is null ? null : context.Proofs[0])
    {
        FailedCheck = failedCheck,
        Description = description,
        Seen = _seen,
        Claimed = _claimed,
        Thumbprint = _key?.Thumbprint,
        BoundThumbprint = context.BoundThumbprint,
        JwtId = _jwtId,
    };

    private string? CheckSingleHeader() =>
        context.Proofs.Count == 1 ? null : $"The request has {context.Proofs.Count} DPoP header fields; exactly 1 is expected.";

    private string? CheckWellFormed()
    {
        _proof = ProofDocument.Parse(context.Proofs[0], verifier.MaximumProofLength, out string? problem);
        _jwtId = _proof is null ? null : StrictJson.GetString(_proof.Claims, "jti"u8);
        return problem;
    }

    private string? CheckRequiredClaims()
    {
        if (string.IsNullOrEmpty(_jwtId))
        {
            return "The jti claim is missing, empty or not a string.";
        }

        if (!StrictJson.TryGetText(_proof!.Claims, "htm"u8, out _))
        {
            return "The htm claim is missing or not a string.";
        }

        if (!StrictJson.TryGetText(_proof.Claims, "htu"u8, out _))
        {
            return "The htu claim is missing or not a string.";
        }

        return StrictJson.TryGetNumber(_proof.Claims, "iat"u8, out _issuedAt) ? null : "The iat claim is missing or not a number.";
    }

    private string? CheckType() =>
        StrictJson.TryGetText(_proof!.Header, "typ"u8, out JsonElement type) && type.ValueEquals("dpop+jwt"u8)
            ? null
            : $"The typ is {Printable.Quote(StrictJson.GetString(_proof.Header, "typ"u8))}; 'dpop+jwt' is expected.";

    private string? CheckAlgorithm()
    {
        if (StrictJson.TryGetText(_proof!.Header, "alg"u8, out JsonElement name))
        {
            foreach (ProofAlgorithm algorithm in ProofAlgorithm.All)
            {
                if (name.ValueEquals(algorithm.Name) && verifier.Algorithms.Contains(algorithm.Name))
                {
                    _algorithm = algorithm;
                    return null;
                }
            }
        }

        string found = Printable.Quote(StrictJson.GetString(_proof.Header, "alg"u8));
        return $"The alg is {found}; accepted are: {string.Join(' ', verifier.Algorithms)}.";
    }

    private string? CheckSignature()
    {
        if (!_proof!.Header.TryGetProperty("jwk"u8, out _jwk) || _jwk.ValueKind != JsonValueKind.Object)
        {
            return "The jwk header parameter is missing or not an object.";
        }

        if (JwkReader.Read(_jwk, _algorithm!, out string? problem) is not { } jwk)
        {
            return problem;
        }

        _key = verifier.Keys.Find(jwk.Thumbprint);
        _isKeyShared = _key is not null;
        _key ??= ProofKey.Import(jwk);
        return _key is not null && VerifySignature(_key) ? null : "The signature does not verify with the key in jwk.";
    }

    private bool VerifySignature(ProofKey key)
    {
        byte[] input = ArrayPool<byte>.Shared.Rent(_proof!.SigningInputLength);
        try
        {
            Span<byte> signed = input.AsSpan(0, _proof.SigningInputLength);
            _proof.CopySigningInput(signed);
            return key.Verify(_algorithm!, signed, _proof.Signature);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
        }
    }

    private string? CheckNoPrivateKey()
    {
        foreach (JsonProperty member in _jwk.EnumerateObject())
        {
            foreach (string name in PrivateMembers)
            {
                if (member.NameEquals(name))
                {
                    return $"The jwk has a private member ({name}); only the public key belongs there.";
                }
            }
        }

        return null;
    }

    private string? CheckMethod()
    {
        JsonElement method = _proof!.Claims.GetProperty("htm"u8);
        return method.ValueEquals(context.Method)
            ? null
            : Mismatch(context.Method, method.GetString()!, $"The htm is {Printable.Quote(method.GetString())}; the request is '{context.Method}'.");
    }

    private string? CheckUri()
    {
        JsonElement claim = _proof!.Claims.GetProperty("htu"u8);
        _uri = NormalizedUri.From(context.Uri);
        if (_uri is not null && claim.ValueEquals(_uri))
        {
            return null;
        }

        string claimed = claim.GetString()!;
        string? found = NormalizedUri.From(claimed);
        if (found is not null && found == _uri)
        {
            return null;
        }

        string quoted = Printable.Quote(Printable.WithoutQuery(claimed));
        string seen = Printable.Clean(_uri ?? Printable.WithoutQuery(context.Uri));
        return Mismatch(seen, Printable.WithoutQuery(claimed), found is null
            ? $"The htu is {quoted}, which isn't an absolute URI without user information; the request is for '{seen}'."
            : $"The htu is {quoted}; the request is for '{seen}'.");
    }

    private string? CheckNonce()
    {
        if (context.AcceptNonce is not { } accept)
        {
            return null;
        }

        string? nonce = StrictJson.GetString(_proof!.Claims, "nonce"u8);
        _isNonceAccepted = nonce is not null && accept(nonce);
        if (_isNonceAccepted)
        {
            return null;
        }

        if (nonce is not null || _proof.Claims.TryGetProperty("nonce"u8, out _))
        {
            return "The nonce is not one that the server accepts now.";
        }

        if (context.IsNonceRequired)
        {
            return "The nonce claim is missing or not a string; the server demands one.";
        }

        return context.NonceStandsForClock && _window.ClockProblem(_issuedAt) is { } problem
            ? ClockMismatch($"{problem} A nonce of the server would stand for the clock; the proof has none.")
            : null;
    }

    private string? CheckIssuedAt() =>
        (context.NonceStandsForClock && _isNonceAccepted) || _window.ClockProblem(_issuedAt) is not { } problem
            ? null
            : ClockMismatch(problem);

    private string? CheckLifetime() => _window.LifetimeProblem(_proof!.Claims);

    private string? CheckAccessTokenHash() =>
        context.AccessToken is { } token ? AccessTokenHash.Problem(token, _proof!.Claims) : null;

    private string? CheckKeyBinding() =>
        context.BoundThumbprint is not { } bound || bound == _key!.Thumbprint
            ? null
            : $"The token is bound to the key '{Printable.Clean(bound)}'; the key of the proof is '{_key.Thumbprint}'.";

    private string ClockMismatch(string problem) =>
        Mismatch(TimeWindow.Seconds(_window.Now), TimeWindow.Seconds(_issuedAt), problem);

    private string Mismatch(string seen, string claimed, string problem)
    {
        _seen = Printable.Clean(seen);
        _claimed = Printable.Clean(claimed);
        return problem;
    }
}
