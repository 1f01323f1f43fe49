namespace DpopHttp.OpenIdConnect.Stores;

/// <summary>A store that is made once, when it is first used. If it can't be made then, such as without a connection, the next use tries again.</summary>
internal sealed class LateStore(Func<DpopSessionStore> create)
{
    private readonly Lock _lock = new();
    private volatile DpopSessionStore? _made;

    public DpopSessionStore Value
    {
        get
        {
            if (_made is { } made)
            {
                return made;
            }

            lock (_lock)
            {
                return _made ??= create();
            }
        }
    }
}
