using System.Net;
using Duende.IdentityModel.Client;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>What is done about a token endpoint that fails: a few more attempts, and none for a while once it seems dead.</summary>
internal static class TokenPipeline
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Longer is for the next call: somebody waits for this one. A server cannot ask for more than an hour.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWish = TimeSpan.FromHours(1);

    public static ResiliencePipeline<TokenResponse> Create(TimeProvider time) =>
        new ResiliencePipelineBuilder<TokenResponse> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<TokenResponse>
            {
                ShouldHandle = arguments => new(IsTransient(arguments.Outcome) && !(RetryAfter(arguments.Outcome.Result, time) > LongestWait)),
                MaxRetryAttempts = 3,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = arguments => new(RetryAfter(arguments.Outcome.Result, time)),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<TokenResponse>
            {
                ShouldHandle = arguments => new(IsTransient(arguments.Outcome)),
                FailureRatio = 0.9,
                MinimumThroughput = 8,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = AttemptTimeout })
            .Build();

    /// <summary>Whether the same request may succeed later: no answer, or one that says so.</summary>
    public static bool IsTransient(TokenResponse response) =>
        response.Exception is HttpRequestException or IOException or TaskCanceledException
        || (response.ErrorType == ResponseErrorType.Http
            && response.HttpStatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError);

    /// <summary>How long the server asks to wait (RFC 9110 section 10.2.3), or null.</summary>
    public static TimeSpan? RetryAfter(TokenResponse? response, TimeProvider time)
    {
        TimeSpan? wish = response?.HttpResponse?.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };
        return wish is { } wait && wait > TimeSpan.Zero ? (wait < LongestWish ? wait : LongestWish) : null;
    }

    private static bool IsTransient(Outcome<TokenResponse> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException or OperationCanceledException || (outcome.Result is { } response && IsTransient(response));
}
