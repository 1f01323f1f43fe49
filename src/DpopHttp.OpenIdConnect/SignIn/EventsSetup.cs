using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>Puts the events of DPoP around those of the user, and refuses options that can't work.</summary>
internal sealed class EventsSetup(string scheme) : IPostConfigureOptions<OpenIdConnectOptions>
{
    public void PostConfigure(string? name, OpenIdConnectOptions options)
    {
        if (name != scheme || options.Events is DpopOpenIdConnectEvents)
        {
            return;
        }

        if (!BackChannelMark.IsSet(options.Backchannel))
        {
            throw new InvalidOperationException(
                $"The scheme '{scheme}' has a {nameof(options.Backchannel)} of its own, which DPoP can't sign for. Set {nameof(options.BackchannelHttpHandler)}, or use ConfigureDpopBackChannel.");
        }

        if (!(options.ResponseType ?? "").Split(' ').Contains("code"))
        {
            throw new InvalidOperationException(
                $"The scheme '{scheme}' has the {nameof(options.ResponseType)} '{options.ResponseType}'. Tokens are bound to a key where a code is redeemed (RFC 9449 section 5): set it to \"code\".");
        }

        options.Events = new DpopOpenIdConnectEvents(scheme, options.Events, options.EventsType);
        options.EventsType = null;
    }
}
