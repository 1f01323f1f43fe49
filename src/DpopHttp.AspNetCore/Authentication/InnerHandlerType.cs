using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.AspNetCore;

/// <summary>The type of the handler that validates tokens.</summary>
internal sealed class InnerHandlerType([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type)
{
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public Type Type { get; } = type;

    public IAuthenticationHandler Create(IServiceProvider services) =>
        (IAuthenticationHandler)(services.GetService(Type) ?? ActivatorUtilities.CreateInstance(services, Type));

    public AuthenticationScheme CreateScheme(AuthenticationScheme outer) => new(outer.Name, outer.DisplayName, Type);
}
