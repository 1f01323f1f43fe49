using DpopHttp.Http.Challenges;
using DpopHttp.Http.Tokens;
using DpopHttp.Proofs;

namespace DpopHttp.Http;

/// <summary>Sends to the handler below: SendAsync or Send.</summary>
internal delegate ValueTask<HttpResponseMessage> InnerSend(HttpRequestMessage request, bool async, CancellationToken cancellationToken);

/// <summary>What all requests of one handler have in common, until its options change.</summary>
internal sealed class DpopClient(ClientSettings settings, Telemetry telemetry, InnerSend send)
{
    public ClientSettings Settings => settings;

    /// <summary>The key to sign with now.</summary>
    public DpopKey Key => settings.Key;

    public bool FollowsRedirects { get; } = settings.Options.FollowRedirects;

    public RequestGuard Guard { get; } = new(settings.Options);

    public RequestTokenReader Tokens { get; } = new(settings.Options.BearerTokens);

    public TimeProvider Time { get; } = settings.Options.TimeProvider ?? TimeProvider.System;

    public ProofFactory Proofs { get; } = new(settings.Options);

    public ChallengeReader Challenges { get; } = new(settings.Options.TimeProvider ?? TimeProvider.System, settings.Options.LearnClockOffset);

    public Telemetry Telemetry => telemetry;

    public InnerSend Send => send;
}
