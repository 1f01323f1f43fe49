using DpopHttp.OpenIdConnect.Endpoint;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>
/// Gives a scheme the back channel that signs. It stands before the framework's own setup, which would make another and read metadata through that. It
/// resolves nothing: a service that reads the options, while they are being made, would wait for itself.
/// </summary>
internal sealed class BackChannelSetup(string scheme, IServiceProvider services) : IPostConfigureOptions<OpenIdConnectOptions>
{
    private const int LargestAnswer = 10 * 1024 * 1024;

    public void PostConfigure(string? name, OpenIdConnectOptions options)
    {
        if (name != scheme || options.Backchannel is not null)
        {
            return;
        }

        services.GetRequiredKeyedService<BackChannelPrimary>(scheme).Find = () => options.BackchannelHttpHandler;
        options.Backchannel = new HttpClient(new BackChannelHandler(scheme, services)) { Timeout = options.BackchannelTimeout, MaxResponseContentBufferSize = LargestAnswer };
        options.Backchannel.DefaultRequestHeaders.UserAgent.ParseAdd("DpopHttp.OpenIdConnect");
        BackChannelMark.Set(options.Backchannel);
    }
}
