using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DpopHttp.Keys;

namespace DpopHttp;

/// <summary>
/// A JWT that a client authenticates with at its authorization server: <c>private_key_jwt</c> (RFC 7523 section 2.2, OpenID Connect Core 1.0 section 9). <c>DpopHttp.Tokens</c>
/// makes one for each attempt by itself.
/// </summary>
public static class DpopClientAssertion
{
    /// <summary>It is used at once and once; users' clocks are minutes behind.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Makes an assertion. It is good for five minutes and, at most servers, for one request: make another for the next.</summary>
    /// <param name="key">Signs it. The server has the public key in the client's registration. Use another key than the one that proofs are signed with.</param>
    /// <param name="clientId">The client identifier: <c>iss</c> and <c>sub</c>.</param>
    /// <param name="audience">What it is addressed to, <c>aud</c>: the server's issuer identifier or, where the server asks for it, the address of the endpoint.</param>
    /// <param name="keyId">The <c>kid</c> that the key has in the registration (RFC 7515 section 4.1.4). Null (the default): the header has none.</param>
    /// <param name="issuedAt">The time for <c>iat</c>. Null (the default): the system's.</param>
    /// <returns>The assertion as a compact JWS.</returns>
    /// <exception cref="ArgumentException">The client identifier or the audience is empty.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key could not sign.</exception>
    public static string Create(DpopKey key, string clientId, string audience, string? keyId = null, DateTimeOffset? issuedAt = null)
    {
        byte[] input = SigningInput(key, clientId, audience, keyId, issuedAt);
        byte[] signature = new byte[KeyPair.MaximumSignatureSize];
        return Complete(input, signature.AsSpan(0, key.Sign(input, signature)));
    }

    /// <summary>As <see cref="Create"/>, awaiting the signature of a key behind a <see cref="DpopSigner"/>.</summary>
    /// <param name="key">Signs it. The server has the public key in the client's registration. Use another key than the one that proofs are signed with.</param>
    /// <param name="clientId">The client identifier: <c>iss</c> and <c>sub</c>.</param>
    /// <param name="audience">What it is addressed to, <c>aud</c>: the server's issuer identifier or, where the server asks for it, the address of the endpoint.</param>
    /// <param name="keyId">The <c>kid</c> that the key has in the registration (RFC 7515 section 4.1.4). Null (the default): the header has none.</param>
    /// <param name="issuedAt">The time for <c>iat</c>. Null (the default): the system's.</param>
    /// <param name="cancellationToken">Handed to the signer.</param>
    /// <returns>The assertion as a compact JWS.</returns>
    /// <exception cref="ArgumentException">The client identifier or the audience is empty.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key could not sign.</exception>
    public static async ValueTask<string> CreateAsync(
        DpopKey key, string clientId, string audience, string? keyId = null, DateTimeOffset? issuedAt = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.SignsInProcess)
        {
            return Create(key, clientId, audience, keyId, issuedAt);
        }

        byte[] input = SigningInput(key, clientId, audience, keyId, issuedAt);
        return Complete(input, await key.SignAsync(input, cancellationToken).ConfigureAwait(false));
    }

    private static byte[] SigningInput(DpopKey key, string clientId, string audience, string? keyId, DateTimeOffset? issuedAt)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        ArgumentException.ThrowIfNullOrEmpty(audience);
        DateTimeOffset now = issuedAt ?? TimeProvider.System.GetUtcNow();
        string header = Encode(json =>
        {
            json.WriteString("alg"u8, key.Algorithm);
            json.WriteString("typ"u8, "JWT"u8);
            if (keyId is not null)
            {
                json.WriteString("kid"u8, keyId);
            }
        });
        string claims = Encode(json =>
        {
            json.WriteString("iss"u8, clientId);
            json.WriteString("sub"u8, clientId);
            json.WriteString("aud"u8, audience);
            json.WriteString("jti"u8, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
            json.WriteNumber("iat"u8, now.ToUnixTimeSeconds());
            json.WriteNumber("exp"u8, (now + Lifetime).ToUnixTimeSeconds());
        });
        return Encoding.ASCII.GetBytes($"{header}.{claims}");
    }

    private static string Encode(Action<Utf8JsonWriter> writeMembers)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer);
        json.WriteStartObject();
        writeMembers(json);
        json.WriteEndObject();
        json.Flush();
        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    private static string Complete(byte[] input, ReadOnlySpan<byte> signature) => $"{Encoding.ASCII.GetString(input)}.{Base64Url.EncodeToString(signature)}";
}
