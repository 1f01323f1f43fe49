namespace DpopHttp.Nonces;

/// <summary>The state of each origin that one key was used with; it outlives handlers, which come and go.</summary>
internal sealed class OriginMemory(DpopKey key)
{
    /// <summary>A client rarely meets as many origins; beyond it the least recently used is forgotten, which costs one challenge.</summary>
    public const int Capacity = 1024;

    private readonly BoundedCache<Origin, OriginState> _states = new(Capacity);
    private readonly Func<Origin, OriginState> _create = _ => new OriginState(key);

    public OriginState this[Origin origin] => _states.GetOrAdd(origin, _create);
}
