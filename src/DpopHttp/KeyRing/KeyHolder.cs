namespace DpopHttp.KeyRing;

/// <summary>Something that has a key under a name: a client, or a key that has a name of its own.</summary>
internal abstract class KeyHolder(string name)
{
    public string Name => name;

    /// <summary>Where the key comes from that is in use.</summary>
    public abstract KeySource Source { get; }

    /// <summary>Whose key it is, if it is another's.</summary>
    public abstract KeyHolder Owner { get; }

    /// <summary>Options that aren't in force, because their key can't be opened. A rotation may put a key there that can.</summary>
    public volatile RefusedKey? Refused;
}
