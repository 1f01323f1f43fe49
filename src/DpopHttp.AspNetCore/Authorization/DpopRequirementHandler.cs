using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.AspNetCore;

/// <summary>
/// Holds an endpoint to its requirement. Authentication has mostly done so already; but it can't know the endpoint where routing comes
/// after it, and the caller may have been authenticated by another scheme.
/// </summary>
internal sealed class DpopRequirementHandler : AuthorizationHandler<DpopRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, DpopRequirement requirement)
    {
        DpopValidation? validation = (context.Resource as HttpContext)?.GetDpopValidation();
        if (validation is { IsProven: true } && (!requirement.NeedsNonce || HasNonce(validation)))
        {
            context.Succeed(requirement);
        }
        else if (validation is { IsAccepted: true })
        {
            validation.IsShortOfRequirement = true;
        }

        return Task.CompletedTask;
    }

    // Authentication has not looked at the nonce where it did not know that the endpoint needs one.
    private static bool HasNonce(DpopValidation validation) =>
        validation.HasNonce || (validation.Proof?.Nonce is { } nonce && validation.AcceptNonce?.Invoke(nonce) == true);
}
