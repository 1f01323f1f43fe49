using DpopHttp.Tokens.Endpoint.Answers;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>What is done about a token endpoint that fails: a few more attempts, and none for a while once it seems dead.</summary>
internal static class TokenPipeline
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    /// <summary>For an attempt that uses up what it sends: to leave it would lose what the server gives in its place.</summary>
    private static readonly TimeSpan LastingAttemptTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Longer is for the next call: somebody waits for this one.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    /// <param name="time">Measures it all.</param>
    /// <param name="sendsOnce">Whether a request has what the server takes once, such as a refresh token that it rotates: one that was left without an answer isn't sent again.</param>
    public static ResiliencePipeline<TokenAnswer> Create(TimeProvider time, bool sendsOnce) =>
        new ResiliencePipelineBuilder<TokenAnswer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<TokenAnswer>
            {
                ShouldHandle = arguments => new(IsTransient(arguments.Outcome)
                    && !(arguments.Outcome.Result?.RetryAfter > LongestDelay)
                    && !(sendsOnce && arguments.Outcome.Exception is (TimeoutRejectedException or OperationCanceledException))),
                MaxRetryAttempts = 3,
                Delay = TimeSpan.FromMilliseconds(200),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = arguments => new(arguments.Outcome.Result?.RetryAfter),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<TokenAnswer>
            {
                ShouldHandle = arguments => new(IsTransient(arguments.Outcome)),
                FailureRatio = 0.9,
                MinimumThroughput = 8,
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = sendsOnce ? LastingAttemptTimeout : AttemptTimeout })
            .Build();

    private static bool IsTransient(Outcome<TokenAnswer> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException or OperationCanceledException || outcome.Result is { IsTransient: true };
}
