namespace DpopHttp.Origins;

/// <summary>Remembers what was said, so that a fault that lasts is one line in the log and not one for each request.</summary>
internal sealed class OnceOnly
{
    /// <summary>What servers name is theirs to invent: beyond this nothing more is said.</summary>
    private const int Capacity = 32;

    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    public bool IsFirst(string what)
    {
        lock (_said)
        {
            return _said.Count < Capacity && _said.Add(what);
        }
    }
}
