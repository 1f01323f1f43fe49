using System.Buffers;
using System.Buffers.Text;
using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json;

namespace DpopHttp.Verification;

/// <summary>A proof in its compact form (RFC 7515 section 7.1), taken apart but not verified. Its memory is borrowed until disposal.</summary>
internal sealed class ProofDocument : IDisposable
{
    // Signatures of P-521 have 132 bytes, of RSA with 16,384 bits 2,048.
    private const int MaxSignatureLength = 2048;

    private readonly byte[] _decoded;
    private readonly string _text;
    private readonly int _signedLength;
    private readonly int _signatureStart;
    private readonly int _signatureLength;
    private readonly JsonDocument _header;
    private readonly JsonDocument _claims;

    private ProofDocument(
        string text, int signedLength, byte[] decoded, int signatureStart, int signatureLength, JsonDocument header, JsonDocument claims)
    {
        _text = text;
        _signedLength = signedLength;
        _decoded = decoded;
        _signatureStart = signatureStart;
        _signatureLength = signatureLength;
        _header = header;
        _claims = claims;
    }

    public JsonElement Header => _header.RootElement;

    public JsonElement Claims => _claims.RootElement;

    public ReadOnlySpan<byte> Signature => _decoded.AsSpan(_signatureStart, _signatureLength);

    public int SigningInputLength => _signedLength;

    /// <summary>Takes the text apart, or says why it cannot.</summary>
    public static ProofDocument? Parse(string text, int maximumLength, out string? problem)
    {
        if (text.Length > maximumLength)
        {
            problem = $"The proof has {text.Length} characters; accepted are {maximumLength}.";
            return null;
        }

        int dots = text.AsSpan().Count('.');
        if (dots != 2)
        {
            problem = $"The proof has {dots + 1} parts; a compact JWS has 3, divided by dots.";
            return null;
        }

        byte[] decoded = ArrayPool<byte>.Shared.Rent(Math.Max(Base64Url.GetMaxDecodedLength(text.Length), 16));
        ProofDocument? document = Parse(text, decoded, out problem);
        if (document is null)
        {
            ArrayPool<byte>.Shared.Return(decoded);
        }

        return document;
    }

    /// <summary>The members of the header and of the payload, for reading after this is gone.</summary>
    public static ProofMembers Read(string text)
    {
        using ProofDocument? document = Parse(text, text.Length, out _);
        return document is null ? ProofMembers.None : new ProofMembers(Copy(document.Header), Copy(document.Claims));
    }

    public void CopySigningInput(Span<byte> destination) => Encoding.ASCII.GetBytes(_text.AsSpan(0, _signedLength), destination);

    public void Dispose()
    {
        _header.Dispose();
        _claims.Dispose();
        ArrayPool<byte>.Shared.Return(_decoded);
    }

    private static ProofDocument? Parse(string text, byte[] decoded, out string? problem)
    {
        Span<Range> parts = stackalloc Range[3];
        text.AsSpan().Split(parts, '.');
        Span<int> starts = stackalloc int[4];
        for (int i = 0; i < 3; i++)
        {
            if (!Base64UrlText.TryDecode(text.AsSpan(parts[i]), decoded.AsSpan(starts[i]), out int written))
            {
                problem = $"Part {i + 1} of the proof is not base64url without padding.";
                return null;
            }

            starts[i + 1] = starts[i] + written;
        }

        int signatureLength = starts[3] - starts[2];
        if (signatureLength > MaxSignatureLength)
        {
            problem = $"The signature of the proof has {signatureLength} bytes; no key that is accepted makes more than {MaxSignatureLength}.";
            return null;
        }

        JsonDocument? header = StrictJson.ParseObject(decoded.AsMemory(0, starts[1]));
        JsonDocument? claims = header is null ? null : StrictJson.ParseObject(decoded.AsMemory(starts[1], starts[2] - starts[1]));
        problem = claims is null
            ? "The header or the payload of the proof is not a JSON object with distinct member names."
            : ExtensionOf(header!.RootElement);
        if (problem is not null)
        {
            header?.Dispose();
            claims?.Dispose();
            return null;
        }

        return new ProofDocument(text, parts[1].End.Value, decoded, starts[2], signatureLength, header!, claims!);
    }

    // RFC 7515 section 4.1.11: extensions that are not understood make the JWS invalid. RFC 7797: b64 changes what is signed.
    private static string? ExtensionOf(JsonElement header)
    {
        if (header.TryGetProperty("crit"u8, out _))
        {
            return "The proof has a crit header parameter; no extension is understood here.";
        }

        return header.TryGetProperty("b64"u8, out _)
            ? "The proof has a b64 header parameter, which changes what is signed; it isn't understood here."
            : null;
    }

    private static ReadOnlyDictionary<string, JsonElement> Copy(JsonElement members) =>
        members.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.Clone(), StringComparer.Ordinal).AsReadOnly();
}
