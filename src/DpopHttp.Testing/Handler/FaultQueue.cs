namespace DpopHttp.Testing;

/// <summary>The faults that are still to come, first in first out.</summary>
internal sealed class FaultQueue
{
    private readonly Lock _gate = new();
    private readonly Queue<ProtectedResourceFault> _faults = new();

    public void Enqueue(ProtectedResourceFault fault)
    {
        lock (_gate)
        {
            _faults.Enqueue(fault);
        }
    }

    public ProtectedResourceFault? Take(bool accepted)
    {
        lock (_gate)
        {
            // It keeps its place until there is something to carry out.
            bool waits = _faults.TryPeek(out ProtectedResourceFault? next) && next.Kind == FaultKind.RefuseAfterAccept && !accepted;
            return waits || next is null ? null : _faults.Dequeue();
        }
    }
}
