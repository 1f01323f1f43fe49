using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace DpopHttp.Verification;

/// <summary>
/// What a used proof is remembered by: a SHA-256 hash of the thumbprint of its key, the URI that it is for and its <c>jti</c>
/// (<see href="https://www.rfc-editor.org/rfc/rfc9449#section-11.1">RFC 9449 section 11.1</see>). Because the key is part of it, no client
/// can use up the <c>jti</c> of another; because it is a hash, it has the same size whatever the client sends.
/// </summary>
public readonly struct DpopReplayKey : IEquatable<DpopReplayKey>
{
    /// <summary>The size of a key in bytes: 32.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private DpopReplayKey(ReadOnlySpan<byte> hash)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(hash);
        (_first, _second, _third, _fourth) = (words[0], words[1], words[2], words[3]);
    }

    /// <summary>Makes the key of a proof.</summary>
    /// <param name="thumbprint">The thumbprint of the key that signed the proof (RFC 7638, SHA-256, base64url).</param>
    /// <param name="uri">The URI that the proof is for, without query and fragment, normalized.</param>
    /// <param name="jwtId">The <c>jti</c> claim.</param>
    /// <returns>The key.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static DpopReplayKey Create(string thumbprint, string uri, string jwtId)
    {
        ArgumentNullException.ThrowIfNull(thumbprint);
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(jwtId);

        // A line break can stand in neither a thumbprint nor a URI, so no two triples have one text.
        int length = Encoding.UTF8.GetMaxByteCount(thumbprint.Length + uri.Length + jwtId.Length + 2);
        byte[] text = ArrayPool<byte>.Shared.Rent(length);
        int end = Encoding.UTF8.GetBytes(thumbprint, text);
        text[end++] = (byte)'\n';
        end += Encoding.UTF8.GetBytes(uri, text.AsSpan(end));
        text[end++] = (byte)'\n';
        end += Encoding.UTF8.GetBytes(jwtId, text.AsSpan(end));
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(text.AsSpan(0, end), hash);
        ArrayPool<byte>.Shared.Return(text);
        return new DpopReplayKey(hash);
    }

    /// <summary>Writes the 32 bytes of the key.</summary>
    /// <param name="destination">Where to write them.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has fewer than <see cref="Size"/> bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < Size)
        {
            throw new ArgumentException($"The destination has {destination.Length} bytes; a replay key has {Size}.", nameof(destination));
        }

        ReadOnlySpan<ulong> words = [_first, _second, _third, _fourth];
        MemoryMarshal.AsBytes(words).CopyTo(destination);
    }

    /// <summary>The key as text for a store that takes text.</summary>
    /// <returns>43 characters of base64url.</returns>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <inheritdoc/>
    public bool Equals(DpopReplayKey other) =>
        _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DpopReplayKey other && Equals(other);

    // Seeded for each process: a sender could otherwise choose proofs that fall into one bucket.
    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first, _second);

    /// <summary>Whether two keys are the same.</summary>
    /// <param name="left">One key.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when they are.</returns>
    public static bool operator ==(DpopReplayKey left, DpopReplayKey right) => left.Equals(right);

    /// <summary>Whether two keys differ.</summary>
    /// <param name="left">One key.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when they do.</returns>
    public static bool operator !=(DpopReplayKey left, DpopReplayKey right) => !left.Equals(right);
}
