namespace DpopHttp.KeyRing;

/// <summary>A client's options, and where the key comes from that they name: a source of the client's own, or another's key.</summary>
internal sealed class ClientState
{
    private readonly KeySource? _own;

    public ClientState(DpopOptions options, KeySource own)
    {
        _own = own;
        Settings = new ClientSettings(options, () => own.Current, own.GetCurrentAsync);
    }

    public ClientState(DpopOptions options, KeyHolder other)
    {
        Other = other;
        Settings = new ClientSettings(options, () => other.Source.Current, cancellation => other.Source.GetCurrentAsync(cancellation));
    }

    public ClientSettings Settings { get; }

    /// <summary>Whose key the client uses; null for a key of its own.</summary>
    public KeyHolder? Other { get; }

    public KeySource Source => _own ?? Other!.Source;
}
