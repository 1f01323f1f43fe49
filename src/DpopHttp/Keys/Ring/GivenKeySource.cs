namespace DpopHttp.Keys;

/// <summary>A key that the application made, and that stays the application's.</summary>
internal sealed class GivenKeySource(DpopKey key) : KeySource(ownsKeys: false)
{
    public void Replace(DpopKey next) => Become(next);

    protected override DpopKey Open() => key;

    protected override DpopKey? FindKept(string thumbprint) => key.Thumbprint == thumbprint ? key : null;

    protected override DpopKey MakeNext() => throw new InvalidOperationException(
        $"The key {key} was given by {nameof(DpopOptions)}.{nameof(DpopOptions.Key)}, so the application makes the next one: use {nameof(DpopKeyRing)}.{nameof(DpopKeyRing.Replace)}.");
}
