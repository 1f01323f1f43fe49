namespace DpopHttp;

/// <summary>What is set for all clients.</summary>
internal sealed class DpopDefaults
{
    public List<Action<DpopOptions, IServiceProvider>> Settings { get; } = [];
}
