using DpopHttp.Http.Challenges;
using DpopHttp.Http.Tokens;
using DpopHttp.Proofs;

namespace DpopHttp.Http;

/// <summary>Sends to the handler below: SendAsync or Send.</summary>
internal delegate ValueTask<HttpResponseMessage> InnerSend(HttpRequestMessage request, bool async, CancellationToken cancellationToken);

/// <summary>What all requests of one handler have in common.</summary>
internal sealed class DpopClient(DpopOptions options, Telemetry telemetry, InnerSend send)
{
    public RequestGuard Guard { get; } = new(options);

    public RequestTokenReader Tokens { get; } = new(options.BearerTokens);

    public TimeProvider Time { get; } = options.TimeProvider ?? TimeProvider.System;

    public ProofFactory Proofs { get; } = new(options);

    public ChallengeReader Challenges { get; } = new(options.TimeProvider ?? TimeProvider.System, options.LearnClockOffset);

    public Telemetry Telemetry => telemetry;

    public InnerSend Send => send;
}
