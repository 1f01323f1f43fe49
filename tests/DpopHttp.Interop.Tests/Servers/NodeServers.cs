using DpopHttp.Interop.Tests.Servers;

[assembly: AssemblyFixture(typeof(NodeServers))]

namespace DpopHttp.Interop.Tests.Servers;

/// <summary>
/// One of each server for all tests, with nonces required; a test that moves a clock or needs other options starts its own.
/// </summary>
public sealed class NodeServers : IAsyncLifetime
{
    private AuthorizationServer? _authorizationServer;
    private ResourceServer? _resourceServer;
    private JoseVerifier? _verifier;

    internal AuthorizationServer AuthorizationServer => Demand(_authorizationServer);

    /// <summary>Takes the tokens of <see cref="AuthorizationServer"/>, bound ones only.</summary>
    internal ResourceServer ResourceServer => Demand(_resourceServer);

    internal JoseVerifier Verifier => Demand(_verifier);

    public async ValueTask InitializeAsync()
    {
        // Skipping is up to the tests that use a server: here it would fail the others.
        if (!NodeRequirement.IsMet)
        {
            return;
        }

        _authorizationServer = await AuthorizationServer.StartAsync();
        _resourceServer = await ResourceServer.StartAsync(_authorizationServer);
        _verifier = await JoseVerifier.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? server in new IAsyncDisposable?[] { _verifier, _resourceServer, _authorizationServer })
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static T Demand<T>(T? server)
        where T : class
    {
        NodeRequirement.Demand();
        return server!;
    }
}
