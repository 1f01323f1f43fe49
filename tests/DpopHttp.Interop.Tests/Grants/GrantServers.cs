using DpopHttp.Interop.Tests.Servers;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>An authorization server and an API over plain http, and the same over TLS; started once for all tests of grants.</summary>
public sealed class GrantServers : IAsyncLifetime
{
    private readonly Dictionary<bool, GrantSite> _sites = [];

    public async ValueTask InitializeAsync()
    {
        // Skipping is up to the tests: here it would fail them.
        if (NodeRequirement.IsMet)
        {
            _sites.Add(false, await GrantSite.StartAsync(tls: false));
            _sites.Add(true, await GrantSite.StartAsync(tls: true));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (GrantSite site in _sites.Values)
        {
            await site.DisposeAsync();
        }
    }

    /// <summary>A bench for one test.</summary>
    internal GrantBench Open(bool tls)
    {
        NodeRequirement.Demand();
        return new GrantBench(_sites[tls]);
    }
}
