using DpopHttp.Tokens.Caching;
using DpopHttp.Tokens.Endpoint;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tokens.Grants;

/// <summary>The token of somebody who signed in before (RFC 6749 section 6).</summary>
internal sealed class RefreshTokenGrant(TokenEndpoint endpoint, DpopRefreshTokenOptions options, DpopKeyRing keys)
    : Grant(endpoint), IDisposable, IAsyncDisposable
{
    /// <summary>When the container ends: what is under way may bring a refresh token that takes the place of the one that is stored.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly DpopRefreshTokenStore _store = options.Store!;
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Refresh tokens of public clients are bound to the key (RFC 9449 section 5), those of others to their credentials.</summary>
    private readonly bool _isBoundToKey = options.ClientSecret is null && options.ClientAssertionJwk is null;

    /// <summary>What the server gave last, while the store could not keep it: the one before, which the store still has, may be used up.</summary>
    private (string Before, DpopRefreshToken Next)? _unsaved;

    /// <summary>The key that the refresh token is bound to: after a rotation nothing else in the process may hold it.</summary>
    private DpopKey? _bound;

    public override async Task<IssuedToken> RequestAsync(DpopKey key, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await RequestUnderLockAsync(key, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => End(_turn.Wait(Patience));

    public async ValueTask DisposeAsync() => End(await _turn.WaitAsync(Patience).ConfigureAwait(false));

    private void End(bool hasTurn)
    {
        if (hasTurn)
        {
            _turn.Dispose();
        }
    }

    private async Task<IssuedToken> RequestUnderLockAsync(DpopKey key, CancellationToken cancellationToken)
    {
        IAsyncDisposable? hold = await StoreAsync(c => _store.LockAsync(c), cancellationToken).ConfigureAwait(false);
        try
        {
            return await RequestWithLockAsync(key, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (hold is not null)
            {
                await hold.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<IssuedToken> RequestWithLockAsync(DpopKey key, CancellationToken cancellationToken)
    {
        DpopRefreshToken held = await LoadAsync(cancellationToken).ConfigureAwait(false);
        DpopKey bound = _bound = KeyOf(held, key);
        (TokenResponse response, IssuedToken access) = await Endpoint.RequestAsync(
            bound,
            (http, target, cancellation) =>
            {
                RefreshTokenRequest request = target.Address(new RefreshTokenRequest { RefreshToken = held.Value, Scope = options.Scope }, options);
                foreach (string resource in options.Resource)
                {
                    request.Resource.Add(resource);
                }

                return http.RequestRefreshTokenAsync(request, cancellation);
            },
            cancellationToken).ConfigureAwait(false);
        using (response)
        {
            if (response.RefreshToken is { Length: > 0 } next && next != held.Value)
            {
                _unsaved = (held.Value, new DpopRefreshToken(next, _isBoundToKey ? bound.Thumbprint : null));
                await SaveAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return access;
    }

    private DpopKey KeyOf(DpopRefreshToken held, DpopKey current)
    {
        if (held.KeyThumbprint is not { } thumbprint || thumbprint == current.Thumbprint)
        {
            return current;
        }

        return _bound?.Thumbprint == thumbprint
            ? _bound
            : keys.Find(Client, thumbprint) ?? throw TokenErrors.KeyOfRefreshTokenMissing(Client, thumbprint, current);
    }

    private async Task<DpopRefreshToken> LoadAsync(CancellationToken cancellationToken)
    {
        DpopRefreshToken stored = await StoreAsync(c => _store.LoadAsync(c), cancellationToken).ConfigureAwait(false) ?? throw TokenErrors.NoRefreshToken(Client);
        if (_unsaved is not { } unsaved)
        {
            return stored;
        }

        if (stored.Value != unsaved.Before)
        {
            // Somebody signed in again, or another process renewed.
            _unsaved = null;
            return stored;
        }

        await SaveAsync(cancellationToken).ConfigureAwait(false);
        return unsaved.Next;
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        DpopRefreshToken next = _unsaved!.Value.Next;
        await StoreAsync(
            async c =>
            {
                await _store.SaveAsync(next, c).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        _unsaved = null;
    }

    private async Task<T> StoreAsync<T>(Func<CancellationToken, ValueTask<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            return await use(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw TokenErrors.StoreFailed(Client, exception);
        }
    }
}
