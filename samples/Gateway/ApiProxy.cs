using DpopHttp;
using DpopHttp.OpenIdConnect;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway;

/// <summary>What lies at /api, and what passes there.</summary>
internal static class ApiProxy
{
    public static IReadOnlyList<RouteConfig> Routes { get; } =
    [
        new RouteConfig { RouteId = "api", ClusterId = "api", AuthorizationPolicy = "default", Match = new RouteMatch { Path = "/api/{**path}" } }.WithTransformPathRemovePrefix("/api"),
    ];

    public static IReadOnlyList<ClusterConfig> ClustersAt(Uri api) =>
        [new ClusterConfig { ClusterId = "api", Destinations = new Dictionary<string, DestinationConfig> { ["api"] = new() { Address = api.AbsoluteUri } } }];

    /// <summary>Cookies are for the gateway, and challenges and nonces are for whoever makes the proofs.</summary>
    public static void KeepInside(TransformBuilderContext transforms)
    {
        foreach (string name in (string[])["Cookie", "Authorization", "DPoP"])
        {
            transforms.AddRequestHeaderRemove(name);
        }

        foreach (string name in (string[])["DPoP-Nonce", "WWW-Authenticate", "Set-Cookie"])
        {
            transforms.AddResponseHeaderRemove(name, ResponseCondition.Always);
        }

        // An API that believes them would take the gateway's address for its own, and expect that in the proof.
        transforms.AddXForwarded(ForwardedTransformActions.Remove);
    }

    /// <summary>Within the proxy an exception is a 502, and nobody learns that the user has to sign in again.</summary>
    public static async Task FetchTokenFirst(HttpContext context, RequestDelegate next)
    {
        try
        {
            await context.GetDpopSession().GetTokenAsync(context.RequestAborted);
        }
        catch (DpopTokenException exception) when (exception is not DpopSignInRequiredException)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        await next(context);
    }
}
