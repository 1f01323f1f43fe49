namespace DpopHttp.KeyRing;

/// <summary>A client that uses DPoP, with what it goes by now.</summary>
internal sealed class Client(string name, ClientState state) : KeyHolder(name)
{
    private volatile ClientState _state = state;

    /// <summary>One reading gives options and key that belong together.</summary>
    public ClientSettings Settings => _state.Settings;

    public override KeySource Source => _state.Source;

    public override KeyHolder Owner => _state.Other?.Owner ?? this;

    public void Use(ClientState state) => _state = state;
}
