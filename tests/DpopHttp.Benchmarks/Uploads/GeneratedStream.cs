using System.Security.Cryptography;

namespace DpopHttp.Benchmarks.Uploads;

/// <summary>Bytes that are made while they are read, once and in order, as from a pipe. Knows their hash in the end.</summary>
internal sealed class GeneratedStream(long size) : Stream
{
    // A prime length, so that a lost or doubled buffer of any usual size changes the hash.
    private static readonly byte[] Pattern = RandomNumberGenerator.GetBytes(65_521);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The SHA-256 of what was read, in hexadecimal.</summary>
    public string Hash => Convert.ToHexString(_hash.GetCurrentHash());

    public override int Read(Span<byte> buffer)
    {
        int read = 0;
        for (long left = size - _position; read < buffer.Length && left > 0; left = size - _position)
        {
            ReadOnlySpan<byte> next = Pattern.AsSpan((int)(_position % Pattern.Length));
            next = next[..(int)Math.Min(left, Math.Min(next.Length, buffer.Length - read))];
            next.CopyTo(buffer[read..]);
            read += next.Length;
            _position += next.Length;
        }

        _hash.AppendData(buffer[..read]);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
