namespace DpopHttp.Http.Challenges;

/// <summary>Bytes that were read already, then those of a read that is under way, and after them the stream that they came from.</summary>
/// <param name="bytes">Has the bytes, and the place behind them that the read under way fills.</param>
/// <param name="length">How many were read already.</param>
/// <param name="pending">The read under way, or one that has ended badly; null if there is none.</param>
/// <param name="rest">The stream.</param>
internal sealed class PeekedStream(byte[] bytes, int length, PendingRead? pending, Stream rest) : Stream
{
    private ReadOnlyMemory<byte> _peeked = bytes.AsMemory(0, length);
    private PendingRead? _pending = pending;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_peeked.IsEmpty && _pending is not null)
        {
            TakePending(_pending.Count.GetAwaiter().GetResult());
        }

        return _peeked.IsEmpty ? rest.Read(buffer) : TakePeeked(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_peeked.IsEmpty)
        {
            return new ValueTask<int>(TakePeeked(buffer.Span));
        }

        return _pending is null ? rest.ReadAsync(buffer, cancellationToken) : ReadPendingAsync(buffer, cancellationToken);
    }

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
            _pending?.End();
            rest.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadPendingAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        TakePending(await _pending!.Count.WaitAsync(cancellationToken).ConfigureAwait(false));
        return _peeked.IsEmpty ? await rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) : TakePeeked(buffer.Span);
    }

    private void TakePending(int count)
    {
        _pending = null;
        _peeked = bytes.AsMemory(length, count);
    }

    private int TakePeeked(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, _peeked.Length);
        _peeked.Span[..count].CopyTo(buffer);
        _peeked = _peeked[count..];
        return count;
    }
}
