using DpopHttp.Http.Authorization;
using DpopHttp.Http.Bodies;
using DpopHttp.Http.Redirects;
using DpopHttp.Proofs;

namespace DpopHttp.Http;

/// <summary>What all requests of one handler have in common, made of its options. Options that change make another one.</summary>
internal sealed class HandlerSettings(ClientSettings client, PrimaryHandler primary)
{
    public ClientSettings Client => client;

    public DpopOptions Options => client.Options;

    public PrimaryHandler Primary => primary;

    public TimeProvider Time { get; } = client.Options.TimeProvider ?? TimeProvider.System;

    public RequestGuard Guard { get; } = new(client.Options);

    public RequestTokenReader Tokens { get; } = new(client.Options.BearerTokens);

    public ProofFactory Proofs { get; } = new(client.Options.TimeProvider ?? TimeProvider.System, client.Options.HtuOverride, client.Options.AdditionalClaims);

    public BodySettings Bodies { get; } = new(client.Options.ReplayBufferLimit, primary.ExpectTimeout, client.Options.TimeProvider ?? TimeProvider.System);

    public int RedirectLimit { get; } = client.Options.FollowRedirects ? primary.RedirectLimit : 0;
}
