using DpopHttp.Shared;
using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Diagnostics;
using DpopHttp.Tokens.Endpoint;
using DpopHttp.Tokens.PerRequest;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Tokens.Grants;

/// <summary>The token of somebody who signed in before (RFC 6749 section 6).</summary>
internal sealed class RefreshTokenGrant(TokenEndpointClient endpoint, DpopRefreshTokenOptions options, DpopKeyRing keys, RefreshTokenState state, ILogger logger)
    : Grant(endpoint.Client, GrantIdentity.Of(options, TokenParameters.None))
{
    private readonly DpopRefreshTokenStore _store = options.Store!;

    /// <summary>Refresh tokens of public clients are bound to the key (RFC 9449 section 5), those of others to their credentials.</summary>
    private readonly bool _isBoundToKey =
        options is { ClientSecret: null, ClientAssertionJwk: null, ClientAssertionKey: null, ClientAssertion: null, ClientAssertionFile: null, UsesClientCertificate: false };

    public override Task<IssuedToken> RequestAsync(DpopKey key, TokenParameters parameters, CancellationToken cancellationToken) =>
        state.InTurnAsync(() => RequestUnderLockAsync(key, parameters, cancellationToken), cancellationToken);

    private async Task<IssuedToken> RequestUnderLockAsync(DpopKey key, TokenParameters parameters, CancellationToken cancellationToken)
    {
        IAsyncDisposable? hold = await UseStoreAsync(c => _store.LockAsync(c), cancellationToken).ConfigureAwait(false);
        try
        {
            return await RequestWithLockAsync(key, parameters, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ReleaseAsync(hold).ConfigureAwait(false);
        }
    }

    /// <summary>If the lock can't be given back, what was done under it is done all the same.</summary>
    private async Task ReleaseAsync(IAsyncDisposable? hold)
    {
        if (hold is null)
        {
            return;
        }

        try
        {
            await hold.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.RefreshTokenLockFailed(logger, exception, Client);
        }
    }

    private async Task<IssuedToken> RequestWithLockAsync(DpopKey key, TokenParameters parameters, CancellationToken cancellationToken)
    {
        DpopRefreshToken held = await LoadAsync(cancellationToken).ConfigureAwait(false);
        DpopKey bound = state.BoundKey = KeyOf(held, key);
        TokenForm form = new("refresh_token", parameters, held.Value);
        TokenResult result = await endpoint.RequestAsync(options, bound, form, cancellationToken).ConfigureAwait(false);
        if (result.RefreshToken is { } next && next != held.Value)
        {
            state.Unsaved = (held.Value, new DpopRefreshToken(next, _isBoundToKey ? bound.Thumbprint : null));
            await SaveAsync(cancellationToken).ConfigureAwait(false);
        }

        return result.Token;
    }

    private DpopKey KeyOf(DpopRefreshToken held, DpopKey current)
    {
        if (held.KeyThumbprint is not { } thumbprint || thumbprint == current.Thumbprint)
        {
            return current;
        }

        return state.BoundKey is { } bound && bound.Thumbprint == thumbprint
            ? bound
            : keys.Find(Client, thumbprint) ?? throw RefreshTokenErrors.KeyMissing(Client, thumbprint, current);
    }

    private async Task<DpopRefreshToken> LoadAsync(CancellationToken cancellationToken)
    {
        DpopRefreshToken stored = await UseStoreAsync(c => _store.LoadAsync(c), cancellationToken).ConfigureAwait(false) ?? throw RefreshTokenErrors.Missing(Client);
        if (state.Unsaved is not { } unsaved)
        {
            return stored;
        }

        if (stored.Value != unsaved.Before)
        {
            // Somebody signed in again, or another process renewed.
            state.Unsaved = null;
            return stored;
        }

        await SaveAsync(cancellationToken).ConfigureAwait(false);
        return unsaved.Next;
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        DpopRefreshToken next = state.Unsaved!.Value.Next;
        await UseStoreAsync(
            async c =>
            {
                await _store.SaveAsync(next, c).ConfigureAwait(false);
                return true;
            },
            cancellationToken,
            next.Value).ConfigureAwait(false);
        state.Unsaved = null;
    }

    private async Task<T> UseStoreAsync<T>(Func<CancellationToken, ValueTask<T>> use, CancellationToken cancellationToken, string? given = null)
    {
        try
        {
            return await use(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw RefreshTokenErrors.StoreFailed(Client, given is null ? exception : StoreFault.Without(given, "refresh token", exception));
        }
    }
}
