using System.Diagnostics.CodeAnalysis;
using DpopHttp.Shared;

namespace DpopHttp.Http.Challenges;

/// <summary>
/// A read of a response's body that nobody may be waiting for. It belongs to the body and ends with it: to cancel it ends the connection, but to dispose the
/// body beside it would let the stack read the rest at the same time, and give the connection to another request.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source holds nothing of the system's while nobody asks for its handle.")]
internal sealed class PendingRead
{
    private readonly CancellationTokenSource _end = new();

    private PendingRead(Stream body, Memory<byte> buffer) => Count = body.ReadAsync(buffer, _end.Token).AsTask().Observed();

    /// <summary>How much was read.</summary>
    public Task<int> Count { get; }

    public static PendingRead Begin(Stream body, Memory<byte> buffer) => new(body, buffer);

    /// <summary>Before the body is disposed.</summary>
    public void End()
    {
        if (!Count.IsCompleted)
        {
            _end.Cancel();
        }
    }
}
