using System.Text.Json.Nodes;

namespace DpopHttp.Tool.Probing;

/// <summary>What is tried, in order.</summary>
internal static class ProbeRows
{
    public static IReadOnlyList<ProbeRow> All { get; } =
    [
        new("noProof", "no proof", "7.1", (_, _) => []),
        // They go out in one line, which is the same as two lines (RFC 9110 section 5.3).
        new("twoProofs", "two proofs", "4.3 item 1", (forge, facts) => [forge.Create(facts), forge.Create(facts)]),
        new("notJwt", "no JWT", "4.3 item 2", (_, _) => ["probe"]),
        new("crit", "crit that nobody knows", "4.3 item 2", Header(header => header["crit"] = new JsonArray("probe"))),
        new("jti", "no jti", "4.3 item 3", Claims(claims => claims.Remove("jti"))),
        new("htmMissing", "no htm", "4.3 item 3", Claims(claims => claims.Remove("htm"))),
        new("htuMissing", "no htu", "4.3 item 3", Claims(claims => claims.Remove("htu"))),
        new("iatMissing", "no iat", "4.3 item 3", Claims(claims => claims.Remove("iat"))),
        new("typ", "typ JWT", "4.3 item 4", Header(header => header["typ"] = "JWT")),
        new("algNone", "alg none, no signature", "4.3 item 5", Header(header => header["alg"] = "none")),
        new("algSymmetric", "alg HS256", "4.3 item 5", Header(header => header["alg"] = "HS256")),
        new("signature", "changed after signing", "4.3 item 6", (forge, facts) => [Tamper(forge.Create(facts))]),
        new("noJwk", "no jwk", "4.3 item 6", Header(header => header.Remove("jwk"))),

        // Not the key's own: a made-up value.
        new("privateKey", "a private member in jwk", "4.3 item 7", Header(header => header["jwk"]!["d"] = ProofForge.Hash("probe"))),
        new("htm", "htm of another method", "4.3 item 8", Claims(claims => claims["htm"] = (string?)claims["htm"] == "PUT" ? "PATCH" : "PUT")),
        new("htmCase", "htm in lower case", "4.3 item 8", Claims(claims => claims["htm"] = ((string)claims["htm"]!).ToLowerInvariant())),
        new("htuPath", "htu of another path", "4.3 item 9", Claims(claims => claims["htu"] = (string)claims["htu"]! + "/probe")),
        new("htuHost", "htu of another host", "4.3 item 9", Claims(claims => claims["htu"] = "https://probe.invalid/")),
        new("nonce", "a nonce of somebody else", "4.3 item 10", Claims(claims => claims["nonce"] = ProofForge.Hash("probe"))) { NeedsNonce = true },
        new("iatOld", "an hour old", "4.3 item 11", Claims(claims => claims["iat"] = (long)claims["iat"]! - 3600)) { IsExcusedByNonce = true },
        new("iatAhead", "an hour ahead", "4.3 item 11", Claims(claims => claims["iat"] = (long)claims["iat"]! + 3600)) { IsExcusedByNonce = true },
        new("exp", "exp an hour ago", "RFC 7519 4.1.4", Claims(claims => claims["exp"] = (long)claims["iat"]! - 3600)),
        new("nbf", "nbf in an hour", "RFC 7519 4.1.5", Claims(claims => claims["nbf"] = (long)claims["iat"]! + 3600)),
        new("athMissing", "no ath", "4.3 item 12", Claims(claims => claims.Remove("ath"))),
        new("ath", "ath of another token", "4.3 item 12", Claims(claims => claims["ath"] = ProofForge.Hash("probe"))),
        new("key", "another key than the token's", "4.3 item 12", (_, facts) => [OfAnotherKey(facts)]),
        new("replay", "the same proof twice", "11.1", (forge, facts) => [forge.Create(facts)]) { IsTwice = true },
        new("bearer", "a bound token as Bearer", "7.2", (_, _) => []) { Scheme = "Bearer" },
        new("unknown", "members that nobody knows", "4.2", Claims(claims => claims["probe"] = 1)) { IsGood = true },
    ];

    private static Func<ProofForge, ProbeFacts, string[]> Header(Action<JsonObject> change) => (forge, facts) => [forge.Create(facts, (header, _) => change(header))];

    private static Func<ProofForge, ProbeFacts, string[]> Claims(Action<JsonObject> change) => (forge, facts) => [forge.Create(facts, (_, claims) => change(claims))];

    private static string OfAnotherKey(ProbeFacts facts)
    {
        using DpopKey key = DpopKey.Generate();
        using ProofForge forge = new(key);
        return forge.Create(facts);
    }

    /// <summary>Another first character of the signature: still base64url and of the same length.</summary>
    private static string Tamper(string proof)
    {
        int signature = proof.LastIndexOf('.') + 1;
        return $"{proof[..signature]}{(proof[signature] == 'A' ? 'B' : 'A')}{proof[(signature + 1)..]}";
    }
}
