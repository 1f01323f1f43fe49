using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DpopHttp.Keys;

namespace DpopHttp.Proofs;

/// <summary>Writes a proof as a compact JWS (RFC 7515 section 7.1). Each has a jti of its own and is for one request.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Lives as long as its thread and holds memory only.")]
internal sealed class ProofWriter
{
    /// <summary>128 bits: RFC 9449 section 4.2 asks for 96 or more.</summary>
    private const int JtiSize = 16;

    // The JSON is at once encoded in base64url, so nothing needs to be escaped for HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ProofWriter? s_cached;

    private readonly ArrayBufferWriter<byte> _payload = new(1024);
    private readonly ArrayBufferWriter<byte> _proof = new(2048);
    private readonly Utf8JsonWriter _json;
    private readonly RandomBytes _random = new();
    private readonly byte[] _signature = new byte[KeyPair.MaximumSignatureSize];

    private ProofWriter() => _json = new Utf8JsonWriter(_payload, Plain);

    /// <summary>Signs in place, without a buffer of its own for each proof.</summary>
    public static string Write(DpopKey key, in ProofClaims claims)
    {
        using Lease lease = new();
        return lease.Writer.WriteProof(key, claims);
    }

    /// <summary>Awaits the signature of a key outside the process; the buffers are free meanwhile.</summary>
    public static async ValueTask<string> WriteAsync(DpopKey key, ProofClaims claims, CancellationToken cancellationToken)
    {
        byte[] signingInput;
        using (Lease lease = new())
        {
            lease.Writer.WriteSigningInput(key, claims);
            signingInput = lease.Writer._proof.WrittenSpan.ToArray();
        }

        byte[] signature = await key.SignAsync(signingInput, cancellationToken).ConfigureAwait(false);
        return string.Concat(Encoding.ASCII.GetString(signingInput), ".", Base64Url.EncodeToString(signature));
    }

    private string WriteProof(DpopKey key, in ProofClaims claims)
    {
        WriteSigningInput(key, claims);
        int length = key.Sign(_proof.WrittenSpan, _signature);
        _proof.Write("."u8);
        AppendBase64Url(_signature.AsSpan(0, length));
        return Encoding.ASCII.GetString(_proof.WrittenSpan);
    }

    private void WriteSigningInput(DpopKey key, in ProofClaims claims)
    {
        if (claims.HeaderMembers is null)
        {
            _proof.Write(key.ProofHeader);
        }
        else
        {
            WriteHeader(key, claims.HeaderMembers);
            AppendBase64Url(_payload.WrittenSpan);
            _payload.ResetWrittenCount();
        }

        WritePayload(claims);
        _proof.Write("."u8);
        AppendBase64Url(_payload.WrittenSpan);
    }

    private void WritePayload(in ProofClaims claims)
    {
        _json.Reset();
        _json.WriteStartObject();
        WriteJti();
        _json.WriteString("htm"u8, claims.Method);
        WriteTargetUri(claims);
        _json.WriteNumber("iat"u8, claims.IssuedAt);
        if (claims.AccessTokenHash is { } ath)
        {
            _json.WriteString("ath"u8, ath);
        }

        if (claims.Nonce is { } nonce)
        {
            _json.WriteString("nonce"u8, nonce);
        }

        if (claims.ExpiresAt is { } expiresAt)
        {
            _json.WriteNumber(ProofClaims.Expiry, expiresAt);
        }

        WriteMembers(claims.Additional ?? []);
        _json.WriteEndObject();
        _json.Flush();
    }

    private void WriteHeader(DpopKey key, IReadOnlyDictionary<string, JsonNode?> members)
    {
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("typ"u8, "dpop+jwt"u8);
        _json.WriteString("alg"u8, key.Algorithm);
        _json.WritePropertyName("jwk"u8);
        _json.WriteRawValue(key.PublicJwk);
        WriteMembers(members);
        _json.WriteEndObject();
        _json.Flush();
    }

    private void WriteMembers(IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        foreach ((string name, JsonNode? value) in members)
        {
            _json.WritePropertyName(name);
            WriteValue(value);
        }
    }

    private void WriteTargetUri(in ProofClaims claims)
    {
        _json.WritePropertyName("htu"u8);
        if (claims.TargetPath.Length == 0)
        {
            _json.WriteStringValue(claims.TargetAuthority);
            return;
        }

        _json.WriteStringValueSegment(claims.TargetAuthority, isFinalSegment: false);
        _json.WriteStringValueSegment(claims.TargetPath, isFinalSegment: true);
    }

    private void WriteJti()
    {
        Span<byte> jti = stackalloc byte[Base64Url.GetEncodedLength(JtiSize)];
        Base64Url.EncodeToUtf8(_random.Take(JtiSize), jti);
        _json.WriteString("jti"u8, jti);
    }

    private void WriteValue(JsonNode? value)
    {
        if (value is null)
        {
            _json.WriteNullValue();
        }
        else
        {
            value.WriteTo(_json);
        }
    }

    private void AppendBase64Url(ReadOnlySpan<byte> bytes)
    {
        Span<byte> destination = _proof.GetSpan(Base64Url.GetEncodedLength(bytes.Length));
        _proof.Advance(Base64Url.EncodeToUtf8(bytes, destination));
    }

    /// <summary>The thread's writer, taken out while in use: an additional claim may run a converter of the user's, and that may make a proof.</summary>
    private readonly ref struct Lease : IDisposable
    {
        public Lease()
        {
            Writer = s_cached ?? new ProofWriter();
            s_cached = null;
        }

        public ProofWriter Writer { get; }

        public void Dispose()
        {
            Writer._payload.ResetWrittenCount();
            Writer._proof.ResetWrittenCount();
            s_cached = Writer;
        }
    }
}
