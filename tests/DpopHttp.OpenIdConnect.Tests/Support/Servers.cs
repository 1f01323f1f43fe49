[assembly: AssemblyFixture(typeof(DpopHttp.OpenIdConnect.Tests.Support.Servers))]

namespace DpopHttp.OpenIdConnect.Tests.Support;

/// <summary>oidc-provider, which demands nonces everywhere, and an API that takes its tokens; a test that moves their clocks starts its own.</summary>
public sealed class Servers : IAsyncLifetime
{
    private Site? _site;

    internal Site Site
    {
        get
        {
            NodeRequirement.Demand();
            return _site!;
        }
    }

    public async ValueTask InitializeAsync() => _site = NodeRequirement.IsMet ? await Site.StartAsync() : null;

    public async ValueTask DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }
}
