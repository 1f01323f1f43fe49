namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>Stands where a store has no lock.</summary>
internal sealed class NoLock : IAsyncDisposable
{
    public static NoLock Instance { get; } = new();

    public ValueTask DisposeAsync() => default;
}
