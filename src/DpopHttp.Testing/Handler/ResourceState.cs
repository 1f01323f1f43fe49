namespace DpopHttp.Testing;

/// <summary>What a resource keeps from one request to the next.</summary>
internal sealed class ResourceState
{
    public NonceIssuer Nonces { get; } = new();

    public TokenRegistry Tokens { get; } = new();

    public FaultQueue Faults { get; } = new();

    public RequestLog Log { get; } = new();
}
