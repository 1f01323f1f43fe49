using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>Puts the events of DPoP around those of each cookie scheme: which of them signs users in is known only once the others' options are made.</summary>
internal sealed class CookieEventsSetup : IPostConfigureOptions<CookieAuthenticationOptions>
{
    public void PostConfigure(string? name, CookieAuthenticationOptions options)
    {
        if (options.Events is not DpopCookieEvents)
        {
            options.Events = new DpopCookieEvents(options.Events, options.EventsType);
            options.EventsType = null;
        }
    }
}
