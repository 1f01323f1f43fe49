using DpopHttp.OpenIdConnect.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect;

/// <summary>Finds sessions by their identifiers: for jobs that begin in another process than the user's request. A singleton service.</summary>
public sealed class DpopSessions
{
    private readonly IServiceProvider _services;
    private readonly OpenIdConnectSchemes _schemes;

    internal DpopSessions(IServiceProvider services, OpenIdConnectSchemes schemes) => (_services, _schemes) = (services, schemes);

    /// <summary>A handle of a session. Whether there is one is found out when a token is wanted.</summary>
    /// <param name="id">See <see cref="DpopSession.Id"/>.</param>
    /// <param name="scheme">The OpenID Connect scheme. Null (the default): the only one that has DPoP.</param>
    /// <exception cref="ArgumentException">No scheme of that name has DPoP, or none is named and there are several.</exception>
    public DpopSession Get(string id, string? scheme = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        string name = scheme ?? (_schemes.Names.Count == 1
            ? _schemes.Names[0]
            : throw new ArgumentException("Several schemes have DPoP: name the one that the session is of.", nameof(scheme)));
        return new DpopSession(name, id, _services.GetKeyedService<SessionKeeper>(name)
            ?? throw new ArgumentException($"The scheme '{name}' doesn't have DPoP: call AddDpop on it.", nameof(scheme)));
    }
}
