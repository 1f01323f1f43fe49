using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.AspNetCore;

/// <summary>The schemes that DPoP stands before, by name.</summary>
internal sealed class ProtectedSchemes(IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, InnerHandlerType> _handlerTypes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<ProtectedScheme>> _schemes = new(StringComparer.Ordinal);

    /// <summary>Notes the handler that a scheme had before DPoP took its place.</summary>
    public void SetHandlerType(
        string scheme, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type handlerType) =>
        _handlerTypes[scheme] = new InnerHandlerType(handlerType);

    public InnerHandlerType? FindHandlerType(string scheme) => _handlerTypes.GetValueOrDefault(scheme);

    public ProtectedScheme Get(string scheme) => _schemes.GetOrAdd(scheme, name => new Lazy<ProtectedScheme>(() => Create(name))).Value;

    private ProtectedScheme Create(string scheme) =>
        ActivatorUtilities.CreateInstance<ProtectedScheme>(services, scheme, _handlerTypes[scheme]);
}
