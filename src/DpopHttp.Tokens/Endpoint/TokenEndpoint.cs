using System.Diagnostics;
using System.Net;
using System.Text.Json;
using DpopHttp.Tokens.Caching;
using Duende.IdentityModel.Client;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>Makes one token request.</summary>
internal delegate Task<TokenResponse> TokenRequestSend(HttpMessageInvoker http, TokenTarget target, CancellationToken cancellationToken);

/// <summary>
/// Asks the authorization server for tokens: located, sent with the key's proof, sent again while it may help, and the answer judged.
/// </summary>
internal sealed class TokenEndpoint(
    string client, DpopTokenOptions options, BackChannel backChannel, Func<BearerTokenHandling> bearerTokens, TimeProvider time, TokenTelemetry telemetry)
{
    private readonly ResiliencePipeline<TokenResponse> _pipeline = TokenPipeline.Create(time);
    private readonly AuthorizationServer? _server = options.Authority is null
        ? null
        : new AuthorizationServer(options.Authority, backChannel.CreatePlain, requireHttps: !backChannel.AllowInsecureHttp, time);

    /// <summary>A server that asked for more time than an attempt may wait is left alone until then.</summary>
    private readonly Pause _wish = new(time);

    public string Client => client;

    /// <exception cref="DpopException">There is no token; the exception says why.</exception>
    public async Task<(TokenResponse Response, IssuedToken Token)> RequestAsync(DpopKey key, TokenRequestSend send, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        DpopException? failure = null;
        try
        {
            return await AskAsync(key, send, cancellationToken).ConfigureAwait(false);
        }
        catch (DpopException exception)
        {
            failure = exception;
            throw;
        }
        finally
        {
            telemetry.Requested(options.Authority ?? options.TokenEndpoint!, began, failure);
        }
    }

    private async Task<(TokenResponse Response, IssuedToken Token)> AskAsync(DpopKey key, TokenRequestSend send, CancellationToken cancellationToken)
    {
        RespectWish();
        DateTimeOffset asked = time.GetUtcNow();
        TokenResponse response = await SendAsync(
            async cancellation =>
            {
                // Each attempt's own: an expiry counted from the first would come too late.
                asked = time.GetUtcNow();
                TokenTarget target = _server is null
                    ? new TokenTarget(options.TokenEndpoint!, options.TokenEndpoint!.AbsoluteUri, key)
                    : await _server.LocateAsync(key, cancellation).ConfigureAwait(false);
                return await send(backChannel.Create(), target, cancellation).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return (response, Judge(response, key, asked));
    }

    private async Task<TokenResponse> SendAsync(Func<CancellationToken, ValueTask<TokenResponse>> attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(attempt, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutRejectedException or BrokenCircuitException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw TokenErrors.Unavailable(client, exception.Message, exception);
        }
    }

    private IssuedToken Judge(TokenResponse response, DpopKey key, DateTimeOffset asked)
    {
        if (response.Exception is DpopException own)
        {
            throw own;
        }

        if (TokenPipeline.IsTransient(response) || response.Exception is not null)
        {
            NoteWish(response);
            throw TokenErrors.Unavailable(client, response.Error ?? "no answer", response.Exception);
        }

        if (response.HttpStatusCode == HttpStatusCode.OK && response.Json is not { ValueKind: JsonValueKind.Object })
        {
            throw TokenErrors.Unavailable(client, "the answer is no JSON object", cause: null);
        }

        if (response.HttpStatusCode != HttpStatusCode.OK || response.IsError)
        {
            throw TokenErrors.Refused(client, response);
        }

        if (response.AccessToken is not { Length: > 0 } token)
        {
            throw TokenErrors.Unavailable(client, "the answer has no access_token", cause: null);
        }

        TimeSpan lifetime = response.ExpiresIn > 0 ? TimeSpan.FromSeconds(response.ExpiresIn) : IssuedToken.AssumedLifetime;
        return new IssuedToken(key, IsBound(response), token, asked, asked + lifetime);
    }

    /// <summary>A token of another type is not bound to the key (RFC 9449 section 5): to send it on would be a silent downgrade.</summary>
    private bool IsBound(TokenResponse response)
    {
        bool Is(string type) => string.Equals(response.TokenType, type, StringComparison.OrdinalIgnoreCase);
        if (Is("DPoP"))
        {
            return true;
        }

        return Is("Bearer") && bearerTokens() == BearerTokenHandling.Allow
            ? false
            : throw TokenErrors.NotBound(client, response.TokenType);
    }

    private void RespectWish()
    {
        if (_wish.Left is var left && left > TimeSpan.Zero)
        {
            throw TokenErrors.Unavailable(client, $"the server asked not to be called for another {left.TotalSeconds:0} seconds", cause: null);
        }
    }

    private void NoteWish(TokenResponse response)
    {
        if (TokenPipeline.RetryAfter(response, time) is { } wait)
        {
            _wish.Begin(wait);
        }
    }
}
