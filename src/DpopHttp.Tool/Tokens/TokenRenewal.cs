using System.CommandLine;
using DpopHttp.Tool.Grants;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.TokenFiles;
using DpopHttp.Tool.Tokens.Flows;

namespace DpopHttp.Tool.Tokens;

/// <summary>Sends requests with the stored token for their API, and renews it when it has expired or the API has refused it.</summary>
/// <param name="console">Is told what goes wrong.</param>
/// <param name="stored">The tokens.</param>
/// <param name="key">Their key.</param>
/// <param name="http">How the authorization server is reached.</param>
/// <param name="arguments">The command line.</param>
/// <param name="isVerbose">Whether the console is told of each renewal.</param>
internal sealed class TokenRenewal(ToolConsole console, StoredTokens stored, DpopKey key, HttpOptions http, ParseResult arguments, bool isVerbose)
{
    /// <summary>How long the authorization server isn't asked again after it failed: each request through the proxy would ask it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private DateTimeOffset _pausedUntil;

    /// <summary>Puts the token for the request's origin on the request. A token that can't be renewed goes out as it is.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ToolException">The tokens can't be read.</exception>
    public async Task<bool> AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Uri url = request.RequestUri!;
        if (stored.Find(url, key.Thumbprint) is not { } token)
        {
            return false;
        }

        token = token.HasExpired(console.TimeProvider) ? await RenewAsync(url, token, "has expired", cancellationToken).ConfigureAwait(false) : token;
        request.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token.AccessToken);
        request.SetDpopTokenRenewal(async (refused, cancellation) => await ReplaceAsync(url, refused, cancellation).ConfigureAwait(false));
        return true;
    }

    private async Task<string?> ReplaceAsync(Uri url, string refused, CancellationToken cancellationToken)
    {
        StoredToken? token = stored.Find(url, key.Thumbprint);
        if (token?.AccessToken == refused)
        {
            token = await RenewAsync(url, token, "was refused", cancellationToken).ConfigureAwait(false);
        }

        return token?.AccessToken == refused ? null : token?.AccessToken;
    }

    private async Task<StoredToken> RenewAsync(Uri url, StoredToken old, string reason, CancellationToken cancellationToken)
    {
        if (old.RefreshToken is null)
        {
            console.Warn($"The stored token {reason}{(old.ExpiresAt is { } time ? $" ({time:u})" : "")}. Get a new one with 'dpop token'.");
            return old;
        }

        try
        {
            using FileStream held = await stored.HoldAsync(cancellationToken).ConfigureAwait(false);

            // Another request may have renewed it meanwhile.
            if (stored.Find(url, key.Thumbprint) is not { } token || token.AccessToken != old.AccessToken || console.TimeProvider.GetUtcNow() < _pausedUntil)
            {
                return stored.Find(url, key.Thumbprint) ?? old;
            }

            // Only public clients: a secret in the environment may be another client's.
            ClientGrant client = new(new Uri(token.Issuer), token.ClientId, null, null, null, []);
            StoredToken renewed = await new RefreshFlow(http, arguments, key, console.TimeProvider).RunAsync(token, client, cancellationToken).ConfigureAwait(false);
            stored.Save(renewed);
            if (isVerbose)
            {
                console.Note($"* The stored token {reason}. It was renewed at {token.Issuer}{(renewed.ExpiresAt is { } time ? $", and expires {time:u}" : "")}.");
            }

            return renewed;
        }
        catch (Exception exception) when (exception is ToolException or DpopException or HttpRequestException or TimeoutException)
        {
            _pausedUntil = console.TimeProvider.GetUtcNow() + Pause;
            console.Warn($"The stored token {reason} and can't be renewed. {exception.Message} Renew it with 'dpop token --refresh' or get a new one.");
            return old;
        }
    }
}
