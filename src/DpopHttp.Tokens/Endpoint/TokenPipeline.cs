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

    /// <summary>Longer is for the next call: somebody waits for this one.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    public static ResiliencePipeline<TokenAnswer> Create(TimeProvider time) =>
        new ResiliencePipelineBuilder<TokenAnswer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<TokenAnswer>
            {
                ShouldHandle = arguments => new(IsTransient(arguments.Outcome) && !(arguments.Outcome.Result?.RetryAfter > LongestDelay)),
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
            .AddTimeout(new TimeoutStrategyOptions { Timeout = AttemptTimeout })
            .Build();

    private static bool IsTransient(Outcome<TokenAnswer> outcome) =>
        outcome.Exception is HttpRequestException or TimeoutRejectedException or OperationCanceledException || outcome.Result is { IsTransient: true };
}
