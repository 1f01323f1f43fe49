using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace DpopHttp.OpenIdConnect.Tests.Setup;

/// <summary>Events of an app, in a class of its own.</summary>
internal sealed class OwnEvents : OpenIdConnectEvents
{
    public List<string> Ran { get; } = [];

    public override Task RedirectToIdentityProvider(RedirectContext context) => Note();

    public override Task PushAuthorization(PushedAuthorizationContext context) => Note();

    public override Task AuthorizationCodeReceived(AuthorizationCodeReceivedContext context) => Note();

    public override Task TokenResponseReceived(TokenResponseReceivedContext context) => Note();

    public override Task TokenValidated(TokenValidatedContext context) => Note();

    public override Task UserInformationReceived(UserInformationReceivedContext context) => Note();

    public override Task TicketReceived(TicketReceivedContext context) => Note();

    private Task Note([CallerMemberName] string name = "")
    {
        Ran.Add(name);
        return Task.CompletedTask;
    }
}
