using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
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
        ? AuthenticateAsync(Handler, $"{Credentials.BearerScheme} {credentials.Token}", SentAuthorization.Of(context))
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

    // In a scope of its own, where a scheme that the handler forwards to looks at the request again as well.
    private async Task<bool> SucceedsWithoutHeaderAsync()
    {
        IServiceProvider services = context.RequestServices;
        AsyncServiceScope scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            context.RequestServices = scope.ServiceProvider;
            try
            {
                IAuthenticationHandler another = await CreateHandlerAsync().ConfigureAwait(false);
                return (await AuthenticateAsync(another, default, default).ConfigureAwait(false)).Succeeded;
            }
            finally
            {
                context.RequestServices = services;
            }
        }
    }

    // What the handler and its events see is put back at once, for proxies and logs behind it.
    private async Task<AuthenticateResult> AuthenticateAsync(IAuthenticationHandler handler, StringValues shown, StringValues sent)
    {
        IHeaderDictionary headers = context.Request.Headers;
        StringValues original = headers.Authorization;
        SentAuthorization? outer = context.Features.Get<SentAuthorization>();
        headers.Authorization = shown;
        context.Features.Set(new SentAuthorization(sent));
        try
        {
            return await handler.AuthenticateAsync().ConfigureAwait(false);
        }
        finally
        {
            headers.Authorization = original;
            context.Features.Set(outer);
        }
    }

    private async Task<IAuthenticationHandler> CreateHandlerAsync()
    {
        IAuthenticationHandler handler = handlerType.Create(context.RequestServices);
        await handler.InitializeAsync(handlerType.CreateScheme(scheme), context).ConfigureAwait(false);
        return handler;
    }
}
