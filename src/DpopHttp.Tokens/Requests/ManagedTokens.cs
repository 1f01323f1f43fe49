using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Requests;

/// <summary>Gives out what the handlers of the same clients put on requests.</summary>
internal sealed class ManagedTokens(IServiceProvider services) : IDpopTokens
{
    public ValueTask<DpopAccessToken> GetAsync(string client, CancellationToken cancellationToken) => GetAsync(client, parameters: null, cancellationToken);

    public async ValueTask<DpopAccessToken> GetAsync(string client, DpopTokenParameters? parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        TokenSource source = services.GetKeyedService<TokenSource>(client) ?? throw new ArgumentException(
            $"The client '{client}' gets no tokens of its own: add AddDpopClientCredentials, AddDpopRefreshToken or AddDpopToken to it, or correct the name. A typed client has the name of its type.",
            nameof(client));
        TokenSlot slot = await source.SlotForAsync(DpopTokenRequestExtensions.Snapshot(parameters), cancellationToken).ConfigureAwait(false);
        IssuedToken token = await slot.GetAsync(cancellationToken).ConfigureAwait(false);
        return new DpopAccessToken(token.Value, token.Header.Scheme, token.Key, token.ExpiresAt);
    }
}
