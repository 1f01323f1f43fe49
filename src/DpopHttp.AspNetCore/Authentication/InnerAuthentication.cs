using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DpopHttp.AspNetCore;

/// <summary>Has the inner handler validate the token of a request, and finds out which token that was: an event may take it from elsewhere.</summary>
internal sealed class InnerAuthentication(InnerHandlerType handlerType, AuthenticationScheme scheme, HttpContext context)
{
    // As JwtBearer (SaveToken) and the handlers for introspection name it.
    private const string SavedToken = "access_token";

    private IAuthenticationHandler? _handler;

    public IAuthenticationHandler Handler => _handler!;

    public async Task InitializeAsync() => _handler = await CreateHandlerAsync().ConfigureAwait(false);

    /// <summary>The inner handler knows Bearer: a DPoP token is shown to it as such.</summary>
    public Task<AuthenticateResult> AuthenticateAsync(Credentials credentials) => credentials.Kind == CredentialKind.Dpop
        ? AuthenticateAsync(Handler, $"{Credentials.BearerScheme} {credentials.Token}")
        : Handler.AuthenticateAsync();

    /// <summary>The token that was validated, or null when it came another way than in the Authorization header and wasn't saved.</summary>
    public async ValueTask<string?> FindTokenAsync(Credentials credentials, AuthenticateResult result)
    {
        if (result.Properties?.GetTokenValue(SavedToken) is { } saved)
        {
            return saved;
        }

        return credentials.Token is { } token && !await SucceedsWithoutHeaderAsync().ConfigureAwait(false) ? token : null;
    }

    private async Task<bool> SucceedsWithoutHeaderAsync()
    {
        IAuthenticationHandler another = await CreateHandlerAsync().ConfigureAwait(false);
        return (await AuthenticateAsync(another, default).ConfigureAwait(false)).Succeeded;
    }

    // What the handler and its events see is put back at once, for proxies and logs behind it.
    private async Task<AuthenticateResult> AuthenticateAsync(IAuthenticationHandler handler, StringValues authorization)
    {
        IHeaderDictionary headers = context.Request.Headers;
        StringValues original = headers.Authorization;
        headers.Authorization = authorization;
        try
        {
            return await handler.AuthenticateAsync().ConfigureAwait(false);
        }
        finally
        {
            headers.Authorization = original;
        }
    }

    private async Task<IAuthenticationHandler> CreateHandlerAsync()
    {
        IAuthenticationHandler handler = handlerType.Create(context.RequestServices);
        await handler.InitializeAsync(handlerType.CreateScheme(scheme), context).ConfigureAwait(false);
        return handler;
    }
}
