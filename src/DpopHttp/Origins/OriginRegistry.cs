using DpopHttp.Collections;

namespace DpopHttp.Origins;

/// <summary>What each origin has shown. It outlives handlers, which come and go, and is shared by all clients of a container.</summary>
internal sealed class OriginRegistry
{
    /// <summary>A process rarely meets as many origins; one that is forgotten costs one challenge.</summary>
    public const int Capacity = 1024;

    /// <summary>Origins whose requests override the Host field: few in earnest, and any number of them must not push the others out.</summary>
    private const int OverriddenCapacity = 256;

    private const int KeysWithoutContainer = 256;

    private static readonly BoundedCache<string, OriginRegistry> WithoutContainer = new(KeysWithoutContainer);

    private readonly BoundedCache<Origin, OriginState> _origins = new(Capacity);
    private readonly BoundedCache<Origin, OriginState> _overridden = new(OverriddenCapacity);

    public OriginState this[Origin origin] =>
        (origin.HostField is null ? _origins : _overridden).GetOrAdd(origin, static (_, _) => new OriginState(), 0);

    /// <summary>The registry of handlers that were made by hand: those of one key share what they learn, however often that key was read.</summary>
    public static OriginRegistry OfKey(DpopKey key) => WithoutContainer.GetOrAdd(key.Thumbprint, static (_, _) => new OriginRegistry(), 0);
}
