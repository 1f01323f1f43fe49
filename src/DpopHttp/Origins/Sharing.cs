namespace DpopHttp.Origins;

/// <summary>
/// Whether nonces that were given to one side (a key, or requests of one kind) are good for the other. They are taken to be until two were refused
/// with none accepted between: one refusal may be a rotation.
/// </summary>
internal sealed class Sharing
{
    private const int RefusalsThatProve = 2;

    private int _refusals;

    public bool IsLikely => Volatile.Read(ref _refusals) < RefusalsThatProve;

    public void Confirm() => Volatile.Write(ref _refusals, 0);

    public void Doubt() => Interlocked.Increment(ref _refusals);
}
