using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DpopHttp.Tests.Handmade;
using Check = DpopHttp.Verification.DpopProofCheck;

namespace DpopHttp.Tool.Tests.Explain;

/// <summary>Mistakes that clients and proxies make, by name.</summary>
internal static class BrokenProofs
{
    public static readonly IReadOnlyDictionary<string, BrokenProof> All = new Dictionary<string, BrokenProof>
    {
        // Item 2
        ["two parts"] = new(w => w.Right.ToString()[..w.Right.ToString().LastIndexOf('.')], Check.WellFormed, "2 parts"),
        ["encrypted"] = new(_ => "a.b.c.d.e", Check.WellFormed, "encrypted JWT"),
        ["one word"] = new(_ => "undefined", Check.WellFormed, "1 part between dots"),
        ["white space inside"] = new(w => w.Right.ToString().Insert(40, "\n"), Check.WellFormed, "white space"),
        ["quotes around"] = new(w => $"\"{w.Right}\"", Check.WellFormed, "quotes"),
        ["padding"] = new(w => w.Right + "==", Check.WellFormed, "base64url without padding"),
        ["crit"] = new(w => w.WithHeader("crit", new JsonArray("exp")), Check.WellFormed, "crit"),
        ["b64"] = new(w => w.WithHeader("b64", false), Check.WellFormed, "b64"),
        ["duplicate member"] = new(w => w.Right.Compact(w.Right.Header.ToJsonString(), """{"jti":"1","jti":"2"}"""), Check.WellFormed, "duplicate"),
        ["claims not JSON"] = new(w => w.Right.Compact(w.Right.Header.ToJsonString(), "htm=GET"), Check.WellFormed, "JSON"),

        // Item 3
        ["no jti"] = new(w => w.WithoutClaim("jti"), Check.RequiredClaims, "jti is missing"),
        ["no htm"] = new(w => w.WithoutClaim("htm"), Check.RequiredClaims, "htm is missing"),
        ["no htu"] = new(w => w.WithoutClaim("htu"), Check.RequiredClaims, "htu is missing"),
        ["no iat"] = new(w => w.WithoutClaim("iat"), Check.RequiredClaims, "iat is missing"),
        ["iat a string"] = new(w => w.WithClaim("iat", w.Time.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)), Check.RequiredClaims, "iat is a string and must be a number"),
        ["jti empty"] = new(w => w.WithClaim("jti", ""), Check.RequiredClaims, "jti is empty"),
        ["jti a number"] = new(w => w.WithClaim("jti", 7), Check.RequiredClaims, "jti is a number and must be a string"),

        // Item 4
        ["typ JWT"] = new(w => w.WithHeader("typ", "JWT"), Check.Type, "Many libraries set JWT"),
        ["no typ"] = new(w => w.WithoutHeader("typ"), Check.Type, "typ is missing"),
        ["typ in upper case"] = new(w => w.WithHeader("typ", "DPoP+JWT"), Check.Type, "lower case"),
        ["the access token"] = new(w => ProofOfToken(w), Check.Type, "This is an access token"),

        // Item 5
        ["alg HS256"] = new(w => w.WithHeader("alg", "HS256"), Check.Algorithm, "symmetric"),
        ["alg none with a signature"] = new(w => w.WithHeader("alg", "none"), Check.Algorithm, "must be signed"),
        ["alg EdDSA"] = new(w => w.WithHeader("alg", "EdDSA"), Check.Algorithm, "dpop_signing_alg_values_supported"),
        ["no alg"] = new(w => w.WithoutHeader("alg"), Check.Algorithm, "alg is missing"),

        // Item 6
        ["no jwk"] = new(w => w.WithoutHeader("jwk"), Check.Signature, "no jwk in the header"),
        ["kid and no jwk"] = new(w => KidForJwk(w), Check.Signature, "but kid"),
        ["jwk as text"] = new(w => w.WithHeader("jwk", w.Key.PublicJwk().ToJsonString()), Check.Signature, "jwk is a string"),
        ["changed after signing"] = new(w => Tampered(w), Check.Signature, "changed after it was signed"),
        ["another key in jwk"] = new(w => w.WithHeader("jwk", OtherKey()), Check.Signature, "another key than the one in jwk"),
        ["DER signature"] = new(_ => DerSigned(), Check.Signature, "DER"),
        ["PS256 said and RS256 done"] = new(w => RsaMixed(w), Check.Signature, "RSA PKCS #1 v1.5 and SHA-256"),
        ["coordinate cut"] = new(w => w.WithJwk("x", Base64Url.EncodeToString(new byte[31])), Check.Signature, "31 bytes"),
        ["jwk in base64"] = new(w => w.WithJwk("x", Convert.ToBase64String(Enumerable.Repeat((byte)0xff, 32).ToArray())), Check.Signature, "base64 and not base64url"),
        ["RSA key for ES256"] = new(w => w.WithJwk("kty", "RSA"), Check.Signature, "key of type EC"),

        // Item 7
        ["private key in jwk"] = new(w => w.WithJwk("d", "c2VjcmV0LXByaXZhdGUta2V5LXZhbHVl"), Check.NoPrivateKey, "throw it away"),

        // Item 8
        ["htm in lower case"] = new(w => w.WithClaim("htm", "get"), Check.Method, "case only"),
        ["htm of another method"] = new(w => w.WithClaim("htm", "POST"), Check.Method, "htm is 'POST', but the request is GET"),

        // Item 9
        ["htu with a slash more"] = new(w => w.WithClaim("htu", ProofWorkshop.Url + "/"), Check.Uri, "ends in a slash"),
        ["htu over http"] = new(w => w.WithClaim("htu", "http://api.example.com/orders/42"), Check.Uri, "The scheme differs: htu has http, the request https"),
        ["htu of another host"] = new(w => w.WithClaim("htu", "https://api.internal/orders/42"), Check.Uri, "The host differs: htu has api.internal"),
        ["htu with a port"] = new(w => w.WithClaim("htu", "https://api.example.com:8443/orders/42"), Check.Uri, "The port differs: htu has 8443, the request 443"),
        ["htu in another case"] = new(w => w.WithClaim("htu", "https://api.example.com/Orders/42"), Check.Uri, "differ in case only, first at character 2 of the path: 'O' and 'o'"),
        ["htu of a template"] = new(w => w.WithClaim("htu", "https://api.example.com/orders/{id}"), Check.Uri, "template"),
        ["htu without the base path"] = new(w => w.WithClaim("htu", "https://api.example.com/42"), Check.Uri, "The request has '/orders' before the path"),
        ["htu relative"] = new(w => w.WithClaim("htu", "/orders/42"), Check.Uri, "isn't an absolute URL"),
        ["htu of another path"] = new(w => w.WithClaim("htu", "https://api.example.com/orders/43"), Check.Uri, "first at character 10 of the path: '3' and '2'"),
        ["htu encoded twice"] = new(w => w.WithClaim("htu", "https://api.example.com/a%2520b"), Check.Uri, "percent-encoded twice", "--url", "https://api.example.com/a%20b"),
        ["htu with %2F decoded"] = new(w => w.WithClaim("htu", "https://api.example.com/a/b"), Check.Uri, "percent-encoded in different ways", "--url", "https://api.example.com/a%2Fb"),
        ["proxy ends TLS"] = new(w => w.Right.ToString(), Check.Uri, "a proxy in between changed it: The scheme differs", "--seen-url", "http://api.example.com/orders/42"),
        ["proxy takes a prefix away"] = new(w => w.Right.ToString(), Check.Uri, "'/orders' before the path", "--seen-url", "https://api.example.com/42"),
        ["proxy changes the host"] = new(w => w.Right.ToString(), Check.Uri, "a proxy in between changed it: The host differs", "--seen-url", "https://backend-7/orders/42"),

        // Item 10
        ["no nonce"] = new(w => w.WithoutClaim("nonce"), Check.Nonce, "nonce is missing, but the server demands one"),
        ["an old nonce"] = new(w => w.WithClaim("nonce", "nonce-of-yesterday"), Check.Nonce, "isn't the one that the server demands"),
        ["a nonce in quotes"] = new(w => w.WithClaim("nonce", $"\"{ProofWorkshop.Nonce}\""), Check.Nonce, "quotes around it"),

        // Item 11
        ["clock behind"] = new(w => w.WithClaim("iat", w.Time.ToUnixTimeSeconds() - 312), Check.IssuedAt, "iat is 312 s (5.2 minutes) behind"),
        ["clock ahead"] = new(w => w.WithClaim("iat", w.Time.ToUnixTimeSeconds() + 3600), Check.IssuedAt, "iat is 3,600 s (60 minutes) ahead"),
        ["iat in milliseconds"] = new(w => w.WithClaim("iat", w.Time.ToUnixTimeMilliseconds()), Check.IssuedAt, "milliseconds"),

        // RFC 7519
        ["exp past"] = new(w => w.WithClaim("exp", w.Time.ToUnixTimeSeconds() - 60), Check.Lifetime, "exp of the proof is past"),
        ["nbf to come"] = new(w => w.WithClaim("nbf", w.Time.ToUnixTimeSeconds() + 60), Check.Lifetime, "nbf of the proof is still to come"),

        // Item 12
        ["no ath"] = new(w => w.WithoutClaim("ath"), Check.AccessTokenHash, "ath is missing"),
        ["ath of another token"] = new(w => w.WithClaim("ath", ProofWorkshop.Hash("another")), Check.AccessTokenHash, "hash of another token"),
        ["ath in hexadecimal"] = new(w => w.WithClaim("ath", Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(w.Token)))), Check.AccessTokenHash, "hexadecimal"),
        ["ath in base64"] = new(w => w.WithClaim("ath", Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(w.Token)))), Check.AccessTokenHash, "in base64"),
        ["ath of the header"] = new(w => w.WithClaim("ath", ProofWorkshop.Hash("DPoP " + w.Token)), Check.AccessTokenHash, "whole Authorization header"),
        ["ath of a line"] = new(w => w.WithClaim("ath", ProofWorkshop.Hash(w.Token + "\n")), Check.AccessTokenHash, "line break"),
        ["ath as at_hash"] = new(w => w.WithClaim("ath", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(w.Token)).AsSpan(0, 16))), Check.AccessTokenHash, "left half"),
        ["ath by SHA-512"] = new(w => w.WithClaim("ath", Base64Url.EncodeToString(SHA512.HashData(Encoding.ASCII.GetBytes(w.Token)))), Check.AccessTokenHash, "SHA-512"),
        ["ath the token"] = new(w => w.WithClaim("ath", w.Token), Check.AccessTokenHash, "the access token itself"),
        ["token of another key"] = new(w => w.Right.ToString(), Check.KeyBinding, "bound to another key", "--jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
    };

    private static JsonObject OtherKey()
    {
        using HandmadeKey key = HandmadeKey.Create();
        return key.PublicJwk();
    }

    private static string KidForJwk(ProofWorkshop workshop)
    {
        HandmadeProof proof = workshop.Right;
        proof.Header.Remove("jwk");
        proof.Header["kid"] = "1";
        return proof.ToString();
    }

    private static string Tampered(ProofWorkshop workshop)
    {
        string[] parts = workshop.Right.ToString().Split('.');
        string claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1]));
        return $"{parts[0]}.{ProofWorkshop.Encode(claims.Replace("GET", "GET ", StringComparison.Ordinal).Replace("GET ", "GET", StringComparison.Ordinal) + " ")}.{parts[2]}";
    }

    private static string ProofOfToken(ProofWorkshop workshop)
    {
        HandmadeProof proof = workshop.Right;
        proof.Header["typ"] = "at+jwt";
        return proof.ToString();
    }

    private static string DerSigned()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECPoint q = ec.ExportParameters(false).Q;
        JsonObject header = new()
        {
            ["typ"] = "dpop+jwt",
            ["alg"] = "ES256",
            ["jwk"] = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(q.X), ["y"] = Base64Url.EncodeToString(q.Y) },
        };
        string input = $"{ProofWorkshop.Encode(header.ToJsonString())}.{ProofWorkshop.Encode("""{"jti":"0123456789abcdef","htm":"GET","htu":"https://api.example.com/orders/42","iat":1}""")}";
        byte[] signature = ec.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    private static string RsaMixed(ProofWorkshop workshop)
    {
        using HandmadeKey key = HandmadeKey.Create("RS256");
        HandmadeProof proof = new(key, "GET", ProofWorkshop.Url, workshop.Time);
        proof.Header["alg"] = "PS256";
        return proof.ToString();
    }
}
