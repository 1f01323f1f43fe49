namespace DpopHttp.KeyRing;

/// <summary>A key that the application made, and that stays the application's.</summary>
/// <param name="name">Whose options gave it first.</param>
/// <param name="key">The key.</param>
internal sealed class GivenKeySource(string name, DpopKey key) : KeySource(ownsKeys: false)
{
    public string Name => name;

    /// <summary>Whether the key was generated in this process, so that nobody else has it.</summary>
    public bool IsGenerated => key.IsGenerated;

    /// <summary>The new key takes the place of the one that was given.</summary>
    public void Replace(DpopKey next) => Exclusively(() => Become(next));

    protected override DpopKey Open() => key;

    protected override DpopKey? FindKept(string thumbprint) => key.Thumbprint == thumbprint ? key : null;

    protected override DpopKey MakeNext() => throw new InvalidOperationException(
        $"The key {key} was given by the options, so the application makes the next one. Use {nameof(DpopKeyRing)}.{nameof(DpopKeyRing.Replace)}.");
}
