using System.Buffers.Text;
using System.Security.Cryptography;
using DpopHttp.OpenIdConnect.Endpoint;
using DpopHttp.OpenIdConnect.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>Binds a sign-in to a key, and keeps its tokens as a session. The user's own events run as they would without it.</summary>
internal sealed class DpopOpenIdConnectEvents(string scheme, OpenIdConnectEvents? inner, Type? innerType) : OpenIdConnectEvents
{
    private const string KeyParameter = "dpop_jkt";

    private static readonly object AnswerItem = new();

    /// <summary>Before the user's events, which may send the request themselves, and after them, for they may have made another message.</summary>
    public override async Task RedirectToIdentityProvider(RedirectContext context)
    {
        IServiceProvider services = context.HttpContext.RequestServices;
        if (RefusedSession.IsMarked(context.HttpContext) && !RefusedSession.IsPage(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            RemoveSignInCookies(context);
            context.HandleResponse();
            return;
        }

        DpopOpenIdConnectOptions options = OptionsOf(services);
        DpopKey key = options.KeyPerSession ? DpopKey.Generate(options.KeyAlgorithm ?? DpopAlgorithms.ES256) : SignInKeys.Current(services, scheme);
        SessionTicket.SetKey(context.Properties, key, options.KeyPerSession ? Seal(services) : null);
        BackChannel.SetKey(context.HttpContext, key);
        context.ProtocolMessage.SetParameter(KeyParameter, key.Thumbprint);
        await Inner(context.HttpContext).RedirectToIdentityProvider(context).ConfigureAwait(false);
        context.ProtocolMessage?.SetParameter(KeyParameter, key.Thumbprint);
    }

    public override async Task AuthorizationCodeReceived(AuthorizationCodeReceivedContext context)
    {
        RequestSessions.Of(context.HttpContext).NoteSignIn();
        IServiceProvider services = context.HttpContext.RequestServices;
        if (SessionTicket.FindKey(context.Properties, Seal(services), thumbprint => SignInKeys.Find(services, scheme, thumbprint)) is not { } key)
        {
            context.Fail("The key that this sign-in began with isn't known here (RFC 9449 section 10). Share the key and the Data Protection keys among all instances, and sign in again.");
            return;
        }

        BackChannel.SetKey(context.HttpContext, key);
        await Inner(context.HttpContext).AuthorizationCodeReceived(context).ConfigureAwait(false);
    }

    public override async Task TokenResponseReceived(TokenResponseReceivedContext context)
    {
        await Inner(context.HttpContext).TokenResponseReceived(context).ConfigureAwait(false);
        OpenIdConnectMessage answer = context.TokenEndpointResponse;
        if (answer?.AccessToken is not { Length: > 0 } accessToken || BackChannel.FindKey(context.HttpContext) is not { } key)
        {
            return;
        }

        if (RenewalAnswerReader.FindOtherBinding(scheme, accessToken, answer.TokenType, key) is { } fault)
        {
            context.Fail(fault);
            return;
        }

        DateTimeOffset now = (context.HttpContext.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System).GetUtcNow();
        context.HttpContext.Items[AnswerItem] = new SessionRecord
        {
            Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            AccessToken = accessToken,
            ObtainedAt = now,
            ExpiresAt = now + RenewalAnswerReader.ReadLifetime(answer.ExpiresIn),
            RefreshToken = answer.RefreshToken is { Length: > 0 } refreshToken ? refreshToken : null,
            IdToken = answer.IdToken,
            Thumbprint = key.Thumbprint,
            PrivateJwk = OptionsOf(context.HttpContext.RequestServices).KeyPerSession ? key.ExportPrivateJwk() : null,
        };
    }

    /// <summary>The session is in the store before there is a cookie that names it.</summary>
    public override async Task TicketReceived(TicketReceivedContext context)
    {
        if (context.Properties is { } properties
            && context.HttpContext.Items.TryGetValue(AnswerItem, out object? item) && item is SessionRecord record
            && BackChannel.FindKey(context.HttpContext) is { } key)
        {
            SessionKeeper keeper = context.HttpContext.RequestServices.GetRequiredKeyedService<SessionKeeper>(scheme);
            await keeper.BeginAsync(record, key, context.HttpContext.RequestAborted).ConfigureAwait(false);
            SessionTicket.SetSession(properties, scheme, record.Id);
            RequestSessions.Of(context.HttpContext).NoteBegun(scheme, record.Id);
        }

        await Inner(context.HttpContext).TicketReceived(context).ConfigureAwait(false);
    }

    /// <summary>Without SaveTokens the handler has no id_token to tell the server who signs out.</summary>
    public override async Task RedirectToIdentityProviderForSignOut(RedirectContext context)
    {
        context.ProtocolMessage.IdTokenHint ??= EndingSession.FindIdToken(context.HttpContext, scheme) ?? await ReadIdTokenAsync(context).ConfigureAwait(false);
        await Inner(context.HttpContext).RedirectToIdentityProviderForSignOut(context).ConfigureAwait(false);
    }

    public override Task MessageReceived(MessageReceivedContext context) => Inner(context.HttpContext).MessageReceived(context);

    public override Task AuthenticationFailed(AuthenticationFailedContext context) => Inner(context.HttpContext).AuthenticationFailed(context);

    /// <summary>In a hybrid flow before the code is looked at.</summary>
    public override Task TokenValidated(TokenValidatedContext context)
    {
        RequestSessions.Of(context.HttpContext).NoteSignIn();
        return Inner(context.HttpContext).TokenValidated(context);
    }

    public override Task UserInformationReceived(UserInformationReceivedContext context) => Inner(context.HttpContext).UserInformationReceived(context);

    public override Task SignedOutCallbackRedirect(RemoteSignOutContext context) => Inner(context.HttpContext).SignedOutCallbackRedirect(context);

    public override Task RemoteSignOut(RemoteSignOutContext context) => Inner(context.HttpContext).RemoteSignOut(context);

    public override Task PushAuthorization(PushedAuthorizationContext context) => Inner(context.HttpContext).PushAuthorization(context);

    public override Task RemoteFailure(RemoteFailureContext context) => Inner(context.HttpContext).RemoteFailure(context);

    public override Task AccessDenied(AccessDeniedContext context) => Inner(context.HttpContext).AccessDenied(context);

    /// <summary>The handler has made them for a sign-in that doesn't begin. A script that goes on asking would collect them until no request has room for them.</summary>
    private static void RemoveSignInCookies(RedirectContext context)
    {
        string[] prefixes = [.. new[] { context.Options.NonceCookie.Name, context.Options.CorrelationCookie.Name }.OfType<string>()];
        context.Response.Headers.SetCookie = new StringValues(
            [.. context.Response.Headers.SetCookie.Where(cookie => !prefixes.Any(prefix => cookie!.StartsWith(prefix, StringComparison.Ordinal)))]);
    }

    private async Task<string?> ReadIdTokenAsync(RedirectContext context)
    {
        AuthenticateResult result = await context.HttpContext.AuthenticateAsync(context.Options.SignOutScheme).ConfigureAwait(false);
        return SessionTicket.Find(result.Properties) is { } session && session.Scheme == scheme
            ? await context.HttpContext.RequestServices.GetRequiredKeyedService<SessionKeeper>(scheme)
                .FindIdTokenAsync(session.Id).ConfigureAwait(false)
            : null;
    }

    private OpenIdConnectEvents Inner(HttpContext context) => innerType is null ? inner! : (OpenIdConnectEvents)context.RequestServices.GetRequiredService(innerType);

    private static SessionSeal Seal(IServiceProvider services) => services.GetRequiredService<SessionSeal>();

    private DpopOpenIdConnectOptions OptionsOf(IServiceProvider services) => services.GetRequiredService<IOptionsMonitor<DpopOpenIdConnectOptions>>().Get(scheme);
}
