using DpopHttp.Tool.Output;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tool.Tokens.Flows;

/// <summary>The user signs in with a code on any device (RFC 8628).</summary>
internal static class DeviceFlow
{
    public static async Task<TokenResponse> RunAsync(IdentitySession session, ToolConsole console, CancellationToken cancellationToken)
    {
        using DeviceAuthorizationRequest request = session.Prepare(
            new DeviceAuthorizationRequest { Scope = session.Grant.Scope }, session.Server.DeviceAuthorizationEndpoint, "device_authorization_endpoint");
        DeviceAuthorizationResponse device = await session.Http.RequestDeviceAuthorizationAsync(request, cancellationToken).ConfigureAwait(false);
        if (device.IsError || device.DeviceCode is not { } code)
        {
            throw new ToolException($"The sign-in could not begin: {IdentitySession.Describe(device, device.ErrorDescription)}");
        }

        console.AnsiError.Write(new Spectre.Console.Text(Printable.Clean($"Open {device.VerificationUri} and enter {device.UserCode}{Environment.NewLine}".TrimEnd())));
        await console.Error.WriteLineAsync().ConfigureAwait(false);
        TimeSpan interval = TimeSpan.FromSeconds(Math.Clamp(device.Interval, 1, 60));
        while (true)
        {
            await Task.Delay(interval, console.TimeProvider, cancellationToken).ConfigureAwait(false);
            using DeviceTokenRequest ask = session.Prepare(new DeviceTokenRequest { DeviceCode = code }, session.Server.TokenEndpoint, "token_endpoint");
            TokenResponse answer = await session.Http.RequestDeviceTokenAsync(ask, cancellationToken).ConfigureAwait(false);
            if (answer.Error is not (OidcConstants.TokenErrors.AuthorizationPending or OidcConstants.TokenErrors.SlowDown))
            {
                return TokenAnswer.Require(answer, session.Key);
            }

            interval += TimeSpan.FromSeconds(answer.Error == OidcConstants.TokenErrors.SlowDown ? 5 : 0);
        }
    }
}
