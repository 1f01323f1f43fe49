using System.Text.Json;

namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>Makes the client assertions (RFC 7523 section 2.2) of one client and key.</summary>
internal sealed class AssertionWriter(string clientId, DpopKey key, string? keyId)
{
    private string? _privateJwk;

    public string Create(string audience, DateTimeOffset now) => DpopClientAssertion.Create(key, clientId, audience, keyId, now);

    public ValueTask<string> CreateAsync(string audience, DateTimeOffset now, CancellationToken cancellationToken) =>
        DpopClientAssertion.CreateAsync(key, clientId, audience, keyId, now, cancellationToken);

    /// <summary>The one for a private JWK, which may have a "kid".</summary>
    /// <exception cref="ArgumentException">The JWK cannot sign.</exception>
    public static AssertionWriter Of(string clientId, string privateJwk) => new(clientId, DpopKey.FromJwk(privateJwk), ReadText(privateJwk, "kid")) { _privateJwk = privateJwk };

    /// <summary>Whether this is the one for the client and the JWK.</summary>
    public bool IsFor(string client, string privateJwk) => clientId == client && _privateJwk == privateJwk;

    /// <summary>Null if the JWK can sign, else what is wrong with it, without its values.</summary>
    public static string? FindFault(string privateJwk)
    {
        try
        {
            using DpopKey read = DpopKey.FromJwk(privateJwk);
            return null;
        }
        catch (ArgumentException)
        {
            return IsRsaWithoutAlgorithm(privateJwk)
                ? "is an RSA key without \"alg\", and nothing else says how to sign with it: add \"alg\": \"PS256\" to it, or \"alg\": \"RS256\" if the "
                    + "client is registered with that (RFC 7517 section 4.4)"
                : "isn't a private JWK with an algorithm that it can sign with (RFC 7517)";
        }
    }

    private static bool IsRsaWithoutAlgorithm(string privateJwk)
    {
        try
        {
            return ReadText(privateJwk, "kty") == "RSA" && ReadText(privateJwk, "d") is not null && string.IsNullOrEmpty(ReadText(privateJwk, "alg"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string? ReadText(string jwk, string member)
    {
        using JsonDocument document = JsonDocument.Parse(jwk);
        return document.RootElement.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
