using DpopHttp.KeyRing;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp;

/// <summary>
/// The calls of AddDpop and RemoveDpop, in their order. All of them are one service: the platform looks through all services for each client that is added.
/// </summary>
internal sealed class ClientRegistrations
{
    private readonly List<ClientRegistration> _all = [];

    public IEnumerable<ClientRegistration> All => _all;

    /// <summary>Those of the services. They stand first, so that each of many clients finds them at once.</summary>
    public static ClientRegistrations Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(d => d.ServiceType == typeof(ClientRegistrations))?.ImplementationInstance is ClientRegistrations known)
        {
            return known;
        }

        ClientRegistrations added = new();
        services.Insert(0, ServiceDescriptor.Singleton(added));
        return added;
    }

    public void Add(ClientRegistration registration) => _all.Add(registration);
}
