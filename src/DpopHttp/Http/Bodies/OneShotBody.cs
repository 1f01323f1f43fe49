using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using DpopHttp.Shared;

namespace DpopHttp.Http.Bodies;

/// <summary>
/// A body that can be read once. It is read by one producer, which writes to whatever attempt is under way and keeps a copy of the beginning; while all that
/// was read is in the copy, another attempt can send it from the start and go on with the rest.
/// </summary>
/// <param name="callers">The caller's content.</param>
/// <param name="limit">How much of it is kept, in bytes.</param>
[SuppressMessage("Design", "CA1001", Justification = "Semaphore and source hold nothing of the system's while nobody asks for their handles.")]
internal sealed class OneShotBody(HttpContent callers, int limit)
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private ArrayBufferWriter<byte>? _kept = new();
    private TaskCompletionSource _wireCame = NewSignal();
    private Wire? _wire;
    private OneShotContent? _attempt;
    private bool _hasBegun;
    private bool _hasEnded;
    private bool _isAbandoned;

    /// <summary>Ends when the server has answered, or when nobody waits for that any more.</summary>
    private Task _answer = Task.CompletedTask;

    /// <summary>Whether all of it was read and is in the copy; null while that is open.</summary>
    public bool? EndedWithinCopy
    {
        get
        {
            lock (_lock)
            {
                return _kept is null ? false : _hasEnded ? true : null;
            }
        }
    }

    /// <summary>Whether what goes beyond the copy had to wait for the answer.</summary>
    public bool WasHeld { get; private set; }

    /// <summary>Makes the content of an attempt, the only one that may send from now on.</summary>
    public OneShotContent CreateAttempt()
    {
        OneShotContent attempt = new(this, callers);
        lock (_lock)
        {
            _attempt = attempt;
        }

        return attempt;
    }

    /// <summary>Holds back what goes beyond the copy until the task ends.</summary>
    public void Hold(Task answer) => _answer = answer;

    /// <summary>Stops the attempt under way if all of the body can still go out in another one. False: it cannot, and the attempt goes on.</summary>
    public bool TryRecall()
    {
        lock (_lock)
        {
            if (_kept is null)
            {
                return false;
            }

            _attempt = null;
            Detach(new IOException("The body has gone to another attempt."));
            return true;
        }
    }

    /// <summary>No other attempt will come. One that is under way sends on, since its answer may have come early; nothing is kept for another.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _isAbandoned = true;
            _wireCame.TrySetResult();
        }

        EndSource();
    }

    public async Task CopyToAsync(OneShotContent attempt, Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Wire wire = new(stream);
        bool begins;
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ReadOnlyMemory<byte> kept = Begin(attempt);
            if (kept.Length > 0)
            {
                await stream.WriteAsync(kept, cancellationToken).ConfigureAwait(false);
                await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            begins = TryAttach(attempt, wire);
        }
        finally
        {
            _turn.Release();
        }

        if (begins)
        {
            // It goes on for another attempt when this one is over. It has a thread of its own, since some contents write in place and never suspend.
            _ = Task.Run(() => ProduceAsync(context), CancellationToken.None);
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((Wire)state!).Done.TrySetCanceled(token), wire);
        try
        {
            await wire.Done.Task.ConfigureAwait(false);
        }
        finally
        {
            EndSource();
        }
    }

    /// <summary>In place. A second attempt is possible only where the first has read all of the body.</summary>
    public void CopyTo(OneShotContent attempt, Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> kept = Begin(attempt);
        if (_hasEnded)
        {
            stream.Write(kept.Span);
            return;
        }

        if (kept.Length > 0)
        {
            throw CannotSendAgain();
        }

        try
        {
            callers.CopyTo(new OneShotStream(this, stream), context, cancellationToken);
            _hasEnded = true;
        }
        finally
        {
            _kept = _hasEnded ? _kept : null;
        }
    }

    /// <summary>Writes a part in place.</summary>
    public void Write(Stream stream, ReadOnlySpan<byte> bytes)
    {
        if (_kept is not null && _kept.WrittenCount + bytes.Length <= limit)
        {
            _kept.Write(bytes);
        }
        else
        {
            _kept = null;
        }

        stream.Write(bytes);
    }

    /// <summary>Takes a part from the producer: into the copy while there is room, and on to the attempt under way.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (await TryKeepAsync(bytes).ConfigureAwait(false))
        {
            return;
        }

        if (!_answer.IsCompleted)
        {
            // HTTP/2 leaves the request itself in a buffer until there is more: an answer to what was never sent would not come.
            WasHeld = true;
            await FlushAsync().ConfigureAwait(false);
        }

        await _answer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (true)
        {
            Wire? wire = TakeLastWire(out Task wireCame);
            if (wire is not null)
            {
                await wire.WriteAsync(bytes).ConfigureAwait(false);
                return;
            }

            await wireCame.ConfigureAwait(false);
        }
    }

    public async ValueTask FlushAsync()
    {
        if (Volatile.Read(ref _wire) is { } wire)
        {
            // What an attempt that is gone does not take is in the copy.
            await wire.TryAsync(stream => new ValueTask(stream.FlushAsync())).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> TryKeepAsync(ReadOnlyMemory<byte> bytes)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            Wire? wire;
            lock (_lock)
            {
                if (_isAbandoned || _kept is null || _kept.WrittenCount + bytes.Length > limit)
                {
                    return false;
                }

                _kept.Write(bytes.Span);
                wire = _wire;
            }

            if (wire is not null)
            {
                await wire.TryAsync(stream => stream.WriteAsync(bytes)).ConfigureAwait(false);
            }

            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The attempt that the rest goes to: from here on there is no other.</summary>
    private Wire? TakeLastWire(out Task wireCame)
    {
        lock (_lock)
        {
            if (_wire is { Done.Task.IsCompleted: true } && !_isAbandoned && _kept is not null)
            {
                Detach(CannotSendAgain());
            }

            wireCame = _wireCame.Task;
            if (_wire is not null)
            {
                _kept = null;
            }
            else if (_isAbandoned)
            {
                throw new IOException("The request has ended before all of its body was sent.");
            }

            return _wire;
        }
    }

    private ReadOnlyMemory<byte> Begin(OneShotContent attempt)
    {
        lock (_lock)
        {
            // The stack serializes a second time by itself where a server refuses the stream of an HTTP/2 connection, whatever was read already.
            if (!ReferenceEquals(_attempt, attempt) || _kept is null)
            {
                throw CannotSendAgain();
            }

            return _kept.WrittenMemory;
        }
    }

    /// <summary>Whether it is the first, so that the producer is to begin.</summary>
    private bool TryAttach(OneShotContent attempt, Wire wire)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_attempt, attempt))
            {
                throw CannotSendAgain();
            }

            Detach(CannotSendAgain());
            _wire = wire;
            if (_hasEnded)
            {
                wire.Done.TrySetResult();
            }

            _wireCame.TrySetResult();
            bool begins = !_hasBegun;
            _hasBegun = true;
            return begins;
        }
    }

    private void Detach(Exception why)
    {
        _wire?.Done.TrySetException(why);
        _wire = null;
        if (_wireCame.Task.IsCompleted)
        {
            _wireCame = NewSignal();
        }
    }

    /// <summary>Where no attempt is under way and none will come, a source that waits for something need not wait any longer.</summary>
    private void EndSource()
    {
        bool isOver;
        lock (_lock)
        {
            isOver = _isAbandoned && _hasBegun && !_hasEnded && (_wire is null || _wire.Done.Task.IsCompleted);
        }

        if (isOver)
        {
            // What the source does then is its own affair, and takes its own time.
            _ = _end.CancelAsync().Observed();
        }
    }

    private async Task ProduceAsync(TransportContext? context)
    {
        Exception? failure = null;
        try
        {
            await callers.CopyToAsync(new OneShotStream(this, wire: null), context, _end.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        lock (_lock)
        {
            if (failure is null)
            {
                _hasEnded = true;
                _wire?.Done.TrySetResult();
            }
            else
            {
                _kept = null;
                _wire?.Done.TrySetException(failure);
            }
        }
    }

    /// <summary>The stack wraps it in an <see cref="HttpRequestException"/>.</summary>
    private static IOException CannotSendAgain() =>
        new("The body can be read once, and a part of it was read for another attempt: it cannot be sent again as a whole.");

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
