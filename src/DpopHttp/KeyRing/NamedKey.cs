namespace DpopHttp.KeyRing;

/// <summary>A key that has a name of its own: see <see cref="DpopKeyOptions"/>.</summary>
internal sealed class NamedKey(string name, KeySource source) : KeyHolder(name)
{
    private volatile KeySource _source = source;

    public override KeySource Source => _source;

    public override KeyHolder Owner => this;

    public void Use(KeySource source) => _source = source;
}
