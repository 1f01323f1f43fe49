using DpopHttp.OpenIdConnect.Endpoint;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>The app's key for a scheme, now and before.</summary>
internal static class SignInKeys
{
    public static DpopKey Current(IServiceProvider services, string scheme) => services.GetRequiredService<DpopKeyRing>().Get(BackChannel.NameFor(scheme));

    public static DpopKey? Find(IServiceProvider services, string scheme, string thumbprint) =>
        services.GetRequiredService<DpopKeyRing>().Find(BackChannel.NameFor(scheme), thumbprint);
}
