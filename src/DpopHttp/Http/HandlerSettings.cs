using DpopHttp.Http.Authorization;
using DpopHttp.Http.Bodies;
using DpopHttp.Http.Redirects;
using DpopHttp.Proofs;

namespace DpopHttp.Http;

/// <summary>What all requests of one handler have in common, made of its options. Options that change make another one.</summary>
internal sealed class HandlerSettings(DpopOptions options, PrimaryHandler primary)
{
    public DpopOptions Options => options;

    public PrimaryHandler Primary => primary;

    public TimeProvider Time { get; } = options.TimeProvider ?? TimeProvider.System;

    public RequestGuard Guard { get; } = new(options);

    public RequestTokenReader Tokens { get; } = new(options.BearerTokens);

    public ProofFactory Proofs { get; } = new(options.TimeProvider ?? TimeProvider.System, options.HtuOverride, options.AdditionalClaims);

    public BodySettings Bodies { get; } = new(options.ReplayBufferLimit, primary.ExpectTimeout, options.TimeProvider ?? TimeProvider.System);

    public int RedirectLimit { get; } = options.FollowRedirects ? primary.RedirectLimit : 0;
}
