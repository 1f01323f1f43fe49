using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.AspNetCore;

/// <summary>The schemes that DPoP stands before, by name.</summary>
internal sealed class ProtectedSchemes : IDisposable
{
    private readonly IServiceProvider _services;
    private readonly ConcurrentDictionary<string, InnerHandlerType> _handlerTypes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<ProtectedScheme>> _schemes = new(StringComparer.Ordinal);

    // Late, since the options are validated with the help of this object.
    private readonly Lazy<IOptionsMonitor<DpopAuthenticationOptions>> _options;
    private IDisposable? _changes;

    public ProtectedSchemes(IServiceProvider services)
    {
        _services = services;
        _options = new Lazy<IOptionsMonitor<DpopAuthenticationOptions>>(() =>
        {
            IOptionsMonitor<DpopAuthenticationOptions> monitor = services.GetRequiredService<IOptionsMonitor<DpopAuthenticationOptions>>();
            _changes = monitor.OnChange(Renew);
            return monitor;
        });
    }

    /// <summary>Notes the handler that a scheme had before DPoP took its place.</summary>
    public void SetHandlerType(
        string scheme, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type handlerType) =>
        _handlerTypes[scheme] = new InnerHandlerType(handlerType);

    public InnerHandlerType? FindHandlerType(string scheme) => _handlerTypes.GetValueOrDefault(scheme);

    /// <summary>The scheme with the options that are in force. A request keeps what it began with.</summary>
    public ProtectedScheme Get(string scheme) =>
        _schemes.GetOrAdd(scheme, name => Late(() => Create(name, _options.Value.Get(name), former: null))).Value;

    public void Dispose() => _changes?.Dispose();

    private void Renew(DpopAuthenticationOptions options, string? scheme)
    {
        if (scheme is not null && _schemes.TryGetValue(scheme, out Lazy<ProtectedScheme>? former))
        {
            _schemes[scheme] = Late(() => Create(scheme, options, former.IsValueCreated ? former.Value : null));
        }
    }

    // A failure isn't kept: a replay store that can't be made, such as while its server is down, can be made by a later request.
    private static Lazy<ProtectedScheme> Late(Func<ProtectedScheme> create) => new(create, LazyThreadSafetyMode.PublicationOnly);

    private ProtectedScheme Create(string scheme, DpopAuthenticationOptions options, ProtectedScheme? former) => new(
        scheme,
        _handlerTypes[scheme],
        options,
        _services.GetRequiredService<ServerTelemetry>(),
        _services.GetRequiredService<NonceSource>(),
        _services,
        former);
}
