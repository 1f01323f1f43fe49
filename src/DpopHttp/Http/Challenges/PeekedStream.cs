namespace DpopHttp.Http.Challenges;

/// <summary>Bytes that were read already, and after them the stream that they came from.</summary>
internal sealed class PeekedStream(ReadOnlyMemory<byte> peeked, Stream rest) : Stream
{
    private ReadOnlyMemory<byte> _peeked = peeked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer) => _peeked.IsEmpty ? rest.Read(buffer) : TakePeeked(buffer);

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _peeked.IsEmpty ? rest.ReadAsync(buffer, cancellationToken) : new ValueTask<int>(TakePeeked(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }

        base.Dispose(disposing);
    }

    private int TakePeeked(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _peeked.Length);
        _peeked.Span[..count].CopyTo(buffer);
        _peeked = _peeked[count..];
        return count;
    }
}
