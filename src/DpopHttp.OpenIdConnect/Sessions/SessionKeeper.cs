using DpopHttp.OpenIdConnect.Diagnostics;
using DpopHttp.OpenIdConnect.Errors;
using Microsoft.Extensions.Logging;

namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>The sessions of a scheme: begins them at sign-in, gives out their tokens, and ends them at sign-out.</summary>
internal sealed class SessionKeeper(string scheme, SessionShelf shelf, SessionRenewal renewal, SessionRevocation revocation, TimeProvider time, ILogger logger)
{
    /// <summary>After a token that was refused shortly after it came, or a renewal that failed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Sign-out doesn't wait longer for what it only shows the server.</summary>
    private static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(10);

    /// <summary>Keeps the tokens of a user who signs in.</summary>
    public async Task BeginAsync(SessionRecord record, DpopKey key, CancellationToken cancellationToken) =>
        await shelf.SaveAsync(record, key, cancellationToken).ConfigureAwait(false);

    /// <summary>Whether the session has tokens or may have them: false once it has ended, or its renewal was refused.</summary>
    public async ValueTask<bool> IsGoodAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await shelf.FindAsync(id, cancellationToken).ConfigureAwait(false) is { Record.Refused: null };
        }
        catch (DpopSignInRequiredException)
        {
            return false;
        }
        catch (DpopException)
        {
            // The store, or the key's file, can't be read: that is no reason to sign the user out.
            return true;
        }
    }

    /// <summary>What the server is to be told at sign-out, or null.</summary>
    public async ValueTask<string?> FindIdTokenAsync(string id)
    {
        try
        {
            using CancellationTokenSource timeout = new(LongestSearch, time);
            return (await shelf.FindAsync(id, timeout.Token).ConfigureAwait(false))?.Record.IdToken;
        }
        catch (Exception exception) when (exception is DpopException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <exception cref="DpopTokenException">There is no token; the exception says why.</exception>
    public async ValueTask<LiveSession> GetAsync(string id, CancellationToken cancellationToken)
    {
        LiveSession session = await shelf.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw SessionErrors.Gone(scheme);
        if (session.Record.Refused is { } refused)
        {
            throw SessionErrors.Refused(scheme, refused, session.Record.RefusedDescription);
        }

        DateTimeOffset now = time.GetUtcNow();
        if (now < session.RenewAt || (session.Record.RefreshToken is null && now < session.Record.ExpiresAt))
        {
            return session;
        }

        if (session.Failure is { IsOver: false } failure)
        {
            return now < session.Record.ExpiresAt ? session : throw SessionErrors.StillUnavailable(failure.Exception, failure.Left);
        }

        Task<LiveSession> next = renewal.Start(session);
        if (now < session.UsableUntil)
        {
            return session;
        }

        try
        {
            return await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DpopTokenException exception) when (exception is not DpopSignInRequiredException && time.GetUtcNow() < session.Record.ExpiresAt)
        {
            return session;
        }
    }

    /// <summary>Another token than one that an API refused, bound to the same key; null if none can be had, so that the refusal stands.</summary>
    public async ValueTask<string?> ReplaceAsync(LiveSession refused, string client, CancellationToken cancellationToken)
    {
        try
        {
            LiveSession? current = await shelf.FindAsync(refused.Record.Id, cancellationToken).ConfigureAwait(false);
            if (current?.Record.AccessToken == refused.Record.AccessToken)
            {
                // A new token that is refused says that another one doesn't help: each call would cost a token request.
                TimeSpan age = time.GetUtcNow() - current.Record.ObtainedAt;
                bool isNew = age >= TimeSpan.Zero && age < Pause && time.GetUtcNow() < current.UsableUntil;
                current = isNew || current.Record.RefreshToken is null || current.Failure is { IsOver: false }
                    ? null
                    : await renewal.Start(current).WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            if (current is { Record.Refused: null } && current.Key.Thumbprint == refused.Key.Thumbprint)
            {
                return current.Record.AccessToken;
            }

            Log.NotReplaced(logger, null, client);
            return null;
        }
        catch (DpopException exception)
        {
            Log.NotReplaced(logger, exception, client);
            return null;
        }
    }

    /// <summary>Ends a session and revokes its refresh token. Nothing that fails on the way keeps the user from signing out.</summary>
    public async Task EndAsync(string id)
    {
        if (await renewal.EndAsync(id).ConfigureAwait(false) is { } ended)
        {
            await revocation.RevokeAsync(ended.Record, ended.Key).ConfigureAwait(false);
        }
    }
}
