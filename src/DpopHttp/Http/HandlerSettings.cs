using DpopHttp.Http.Authorization;
using DpopHttp.Http.Bodies;
using DpopHttp.Http.Redirects;
using DpopHttp.Proofs;

namespace DpopHttp.Http;

/// <summary>What all requests of one handler have in common, read from its options at once. Options that change make another one.</summary>
internal sealed class HandlerSettings
{
    private readonly Lazy<PrimaryHandler> _primary;
    private readonly Lazy<BodySettings> _bodies;
    private readonly bool _followsRedirects;

    /// <param name="client">The client's options and key.</param>
    /// <param name="primary">Found at the first send: it is set after the handler was made.</param>
    public HandlerSettings(ClientSettings client, Lazy<PrimaryHandler> primary)
    {
        DpopOptions options = client.Options;
        Client = client;
        Time = options.TimeProvider ?? TimeProvider.System;
        Guard = new RequestGuard(options);
        Tokens = new RequestTokenReader(options.BearerTokens);
        Proofs = new ProofFactory(Time, options.HtuOverride, options.ProofLifetime, options.AdditionalClaims, options.ConfigureProof);
        NonceStore = options.NonceStore;
        LearnsClockOffset = options.LearnClockOffset;
        ProbesBeforeUpload = options.ProbeBeforeUpload;
        _followsRedirects = options.FollowRedirects;
        _primary = primary;
        int keptLength = options.ReplayBufferLimit;
        _bodies = new Lazy<BodySettings>(() => new BodySettings(keptLength, primary.Value.ExpectTimeout, Time));
    }

    public ClientSettings Client { get; }

    public TimeProvider Time { get; }

    public RequestGuard Guard { get; }

    public RequestTokenReader Tokens { get; }

    public ProofFactory Proofs { get; }

    /// <summary>Where nonces outlive the process; null where they don't.</summary>
    public DpopNonceStore? NonceStore { get; }

    public bool LearnsClockOffset { get; }

    public bool ProbesBeforeUpload { get; }

    public PrimaryHandler Primary => _primary.Value;

    public BodySettings Bodies => _bodies.Value;

    /// <summary>How many redirects of one call are followed.</summary>
    public int RedirectLimit => _followsRedirects ? Primary.RedirectLimit : 0;
}
