namespace DpopHttp.Http.Bodies;

/// <summary>What the caller's content writes to: hands everything on to the body that stands behind it.</summary>
/// <param name="body">Keeps the beginning, and knows the attempt under way.</param>
/// <param name="wire">For a synchronous send, where the body goes; else null.</param>
internal sealed class OneShotStream(OneShotBody body, Stream? wire) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (wire is null)
        {
            // Some contents write in place although they are asked to await: the body they are sent with is another thread's to take.
            body.WriteAsync(buffer.ToArray()).AsTask().GetAwaiter().GetResult();
        }
        else
        {
            body.Write(wire, buffer);
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (wire is null)
        {
            return body.WriteAsync(buffer);
        }

        body.Write(wire, buffer.Span);
        return default;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Flush()
    {
        if (wire is null)
        {
            body.FlushAsync().AsTask().GetAwaiter().GetResult();
        }
        else
        {
            wire.Flush();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        if (wire is null)
        {
            return body.FlushAsync().AsTask();
        }

        wire.Flush();
        return Task.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
