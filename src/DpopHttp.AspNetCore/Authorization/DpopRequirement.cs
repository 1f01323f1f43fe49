using Microsoft.AspNetCore.Authorization;

namespace DpopHttp.AspNetCore;

/// <summary>The request has a good proof, with a nonce if one is needed.</summary>
internal sealed record DpopRequirement(bool NeedsNonce) : IAuthorizationRequirement;
