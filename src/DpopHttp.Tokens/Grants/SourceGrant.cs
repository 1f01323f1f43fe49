using DpopHttp.Shared;
using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Endpoint;
using DpopHttp.Tokens.PerRequest;

namespace DpopHttp.Tokens.Grants;

/// <summary>A token of a source of the application's own. It may be one person's, so instances don't share it.</summary>
internal sealed class SourceGrant(string client, DpopTokenSourceOptions options, Func<BearerTokenHandling> bearerTokens, TimeProvider time) : Grant(client, nameof(SourceGrant))
{
    /// <summary>A source that never ends would keep all requests waiting that come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>A time that can be added to every clock.</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(365);

    public override async Task<IssuedToken> RequestAsync(DpopKey key, TokenParameters parameters, CancellationToken cancellationToken)
    {
        DateTimeOffset asked = time.GetUtcNow();
        DpopTokenResponse answer = await AskAsync(new DpopTokenContext(Client, key, parameters.ToPublic()), cancellationToken).ConfigureAwait(false);
        if (!AccessTokenRules.IsSendable(answer.AccessToken))
        {
            throw SourceErrors.Failed(Client, "the token has characters that no header can have, such as a space or a line break (RFC 6750 section 2.1)", cause: null);
        }

        bool isBound = string.Equals(answer.TokenType, "DPoP", StringComparison.OrdinalIgnoreCase);
        if (!isBound && !(string.Equals(answer.TokenType, "Bearer", StringComparison.OrdinalIgnoreCase) && bearerTokens() == BearerTokenHandling.Allow))
        {
            throw TokenEndpointErrors.NotBound(Client, answer.TokenType, mayAllow: true);
        }

        if (isBound && AccessTokenRules.FindOtherKey(answer.AccessToken, key) is { } other)
        {
            throw TokenEndpointErrors.BoundToOtherKey(Client, key, other);
        }

        return new IssuedToken(key, isBound, answer.AccessToken, asked, asked + LifetimeOf(answer));
    }

    private async Task<DpopTokenResponse> AskAsync(DpopTokenContext context, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            // A source may not look at its token of cancellation.
            return await options.GetToken!(context, either.Token).AsTask().Observed().WaitAsync(either.Token).ConfigureAwait(false)
                ?? throw SourceErrors.Failed(Client, "it gave null", cause: null);
        }
        catch (OperationCanceledException exception) when (patience.IsCancellationRequested)
        {
            throw SourceErrors.Failed(Client, "it had no answer within a minute", exception);
        }
        catch (Exception exception) when (exception is not DpopException && !cancellationToken.IsCancellationRequested)
        {
            throw SourceErrors.Failed(Client, exception.Message.TrimEnd('.'), exception);
        }
    }

    private static TimeSpan LifetimeOf(DpopTokenResponse answer) => answer.ExpiresIn is { } lifetime && lifetime > TimeSpan.Zero
        ? (lifetime < LongestLifetime ? lifetime : LongestLifetime)
        : IssuedToken.AssumedLifetime;
}
