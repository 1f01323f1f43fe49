using System.Diagnostics;
using System.Net;
using DpopHttp.Collections;
using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Diagnostics;
using DpopHttp.Tokens.Endpoint.Answers;
using DpopHttp.Tokens.Endpoint.Authentication;
using DpopHttp.Tokens.Endpoint.Metadata;
using DpopHttp.Tokens.Waiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>
/// Asks the authorization server for tokens: finds the endpoint, sends the request with the key's proof, sends it again while that may help, and
/// takes the answer only if the token can be used.
/// </summary>
/// <param name="client">The client's name.</param>
/// <param name="backChannel">Sends the requests.</param>
/// <param name="sendsOnce">Whether a request has what the server takes once.</param>
/// <param name="time">The client's clock.</param>
/// <param name="telemetry">Measures the requests.</param>
internal sealed class TokenEndpointClient(string client, BackChannel backChannel, bool sendsOnce, TimeProvider time, TokenTelemetry telemetry)
{
    /// <summary>One for each combination of parameters that requests come with; beyond that the server is asked once more.</summary>
    private const int MostRefusals = 1_000;

    private readonly ResiliencePipeline<TokenAnswer> _pipeline = TokenPipeline.Create(time, sendsOnce);
    private readonly BoundedCache<string, RefusalMemory> _refusals = new(MostRefusals);

    /// <summary>A server that asked for more time than an attempt may wait is left alone until then.</summary>
    private readonly Pause _retryAfter = new(time);

    private readonly Lock _gate = new();
    private MetadataSource? _metadata;

    public string Client => client;

    /// <exception cref="DpopException">There is no token; the exception says why.</exception>
    public async Task<TokenResult> RequestAsync(DpopTokenOptions options, DpopKey key, TokenForm form, CancellationToken cancellationToken)
    {
        RefusalsOf(form).ThrowIfRefused(options, key, form.RefreshToken);
        if (_retryAfter.Left is var left && left > TimeSpan.Zero)
        {
            throw TokenEndpointErrors.Unavailable(client, $"the server asked not to be called for another {Math.Ceiling(left.TotalSeconds)} seconds", cause: null);
        }

        long began = Stopwatch.GetTimestamp();
        DpopException? failure = null;
        try
        {
            TokenResult result = await RequestWithRetriesAsync(options, key, form, cancellationToken).ConfigureAwait(false);
            failure = result.Fault;
            return result;
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

    private async Task<TokenResult> RequestWithRetriesAsync(DpopTokenOptions options, DpopKey key, TokenForm form, CancellationToken cancellationToken)
    {
        try
        {
            // Both are the last attempt's: an expiry counted from the first would come too late.
            DateTimeOffset asked = time.GetUtcNow();
            TokenTarget? target = null;
            TokenAnswer answer = await _pipeline.ExecuteAsync<TokenAnswer>(
                async cancellation =>
                {
                    asked = time.GetUtcNow();
                    target = await FindTargetAsync(options, key, cancellation).ConfigureAwait(false);
                    return await SendAsync(target, options, key, form, cancellation).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            if (!answer.IsTransient)
            {
                return Read(answer, target!, options, key, form, asked);
            }

            if (answer.RetryAfter is { } wait)
            {
                _retryAfter.Begin(wait);
            }
        }
        catch (DpopTokenException exception) when (!exception.IsBeforeRequest)
        {
            RefusalsOf(form).Remember(options, key, form.RefreshToken, exception);
            throw;
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutRejectedException or BrokenCircuitException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw TokenEndpointErrors.Unavailable(client, exception.Message.TrimEnd('.'), exception);
        }

        throw TokenEndpointErrors.Unavailable(client, "the token endpoint failed", cause: null);
    }

    private RefusalMemory RefusalsOf(TokenForm form) => _refusals.GetOrAdd(form.ParametersIdentity, static (_, time) => new RefusalMemory(time), time);

    private async Task<TokenTarget> FindTargetAsync(DpopTokenOptions options, DpopKey key, CancellationToken cancellationToken)
    {
        if (options.TokenEndpoint is { } endpoint)
        {
            return new TokenTarget(endpoint, endpoint.AbsoluteUri, RequiresBoundTokens: false);
        }

        ServerMetadata metadata = await MetadataOf(options.Authority!).GetAsync(key, cancellationToken).ConfigureAwait(false);
        return new TokenTarget(metadata.TokenEndpoint, metadata.Issuer, metadata.RequiresBoundTokens);
    }

    private MetadataSource MetadataOf(Uri authority)
    {
        lock (_gate)
        {
            // Options that change may name another server.
            return _metadata?.Authority == authority ? _metadata : _metadata = new MetadataSource(authority, backChannel.CreatePlain, time);
        }
    }

    private async Task<TokenAnswer> SendAsync(TokenTarget target, DpopTokenOptions options, DpopKey key, TokenForm form, CancellationToken cancellationToken)
    {
        using HttpClient http = backChannel.Create();
        using HttpRequestMessage request = new(HttpMethod.Post, target.Uri)
        {
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
            Content = new FormUrlEncodedContent(form.FieldsFor(options)),
        };
        request.Headers.Accept.Add(new("application/json"));
        request.SetDpopKey(key);
        request.Options.Set(ClientAuthenticationHandler.Credentials, new ClientCredentials(options, target.Audience));
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return TokenAnswerReader.Read(response, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), time.GetUtcNow());
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw TokenEndpointErrors.Unusable(client, target.Uri, "it is larger than 1 MB");
        }
    }

    private TokenResult Read(TokenAnswer answer, TokenTarget target, DpopTokenOptions options, DpopKey key, TokenForm form, DateTimeOffset asked)
    {
        string? next = answer is { Status: HttpStatusCode.OK, Error: null, RefreshToken.Length: > 0 } ? answer.RefreshToken : null;
        try
        {
            return new TokenResult(ReadToken(answer, target, key, asked), Fault: null, next);
        }
        catch (DpopTokenException exception) when (next is not null)
        {
            // The next call comes with the next one.
            RefusalsOf(form).Remember(options, key, next, exception);
            return new TokenResult(Issued: null, exception, next);
        }
    }

    private IssuedToken ReadToken(TokenAnswer answer, TokenTarget target, DpopKey key, DateTimeOffset asked)
    {
        if (answer.Status != HttpStatusCode.OK || answer.Error is not null)
        {
            throw TokenEndpointErrors.Refused(client, target.Uri, answer);
        }

        if (answer.Fault is { } fault)
        {
            throw TokenEndpointErrors.Unusable(client, target.Uri, fault);
        }

        if (answer.AccessToken is not { Length: > 0 } token)
        {
            throw TokenEndpointErrors.Unusable(client, target.Uri, "it has no access_token");
        }

        if (!AccessTokenRules.IsSendable(token))
        {
            throw TokenEndpointErrors.Unusable(client, target.Uri, "its access_token has characters that no header can have, such as a space or a line break (RFC 6750 section 2.1)");
        }

        bool isBound = IsBound(answer, target);
        if (isBound && AccessTokenRules.FindOtherKey(token, key) is { } other)
        {
            throw TokenEndpointErrors.BoundToOtherKey(client, key, other);
        }

        return new IssuedToken(key, isBound, token, asked, asked + (answer.Lifetime ?? IssuedToken.AssumedLifetime));
    }

    /// <summary>A token of another type is not bound to the key (RFC 9449 section 5): to send it on would be a silent downgrade.</summary>
    private bool IsBound(TokenAnswer answer, TokenTarget target)
    {
        bool Is(string type) => string.Equals(answer.TokenType, type, StringComparison.OrdinalIgnoreCase);
        if (Is("DPoP"))
        {
            return true;
        }

        return Is("Bearer") && !target.RequiresBoundTokens && backChannel.BearerTokens == BearerTokenHandling.Allow
            ? false
            : throw TokenEndpointErrors.NotBound(client, answer.TokenType, mayAllow: !target.RequiresBoundTokens);
    }
}
