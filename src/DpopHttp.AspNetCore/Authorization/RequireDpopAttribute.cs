using Microsoft.AspNetCore.Authorization;

namespace DpopHttp.AspNetCore;

/// <summary>
/// Demands an authenticated caller whose token came with a good proof, where the scheme would also accept Bearer tokens. It is an
/// <see cref="AuthorizeAttribute"/>, so it takes schemes, roles and a policy as well.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = false)]
public class RequireDpopAttribute : AuthorizeAttribute, IAuthorizationRequirementData
{
    /// <summary>Whether the proof must have a nonce of the server, whatever the scheme's mode is.</summary>
    internal virtual bool NeedsNonce => false;

    /// <inheritdoc/>
    public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new DpopRequirement(NeedsNonce)];
}
