namespace DpopHttp.OpenIdConnect.Requests;

/// <summary>Says of a client whether something is the first of its kind, through all handlers that the factory makes for it.</summary>
internal sealed class OnceOnly
{
    private int _happened;

    public bool IsFirst() => Interlocked.Exchange(ref _happened, 1) == 0;
}
