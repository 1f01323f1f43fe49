using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace Gateway;

/// <summary>What browsers say about a request by Sec-Fetch-Mode and Sec-Fetch-Site, which no script can set.</summary>
internal static class Browsers
{
    /// <summary>A page is sent to the sign-in; a script can do nothing with a redirect to another site.</summary>
    public static Task AnswerScripts(RedirectContext context)
    {
        if (context.Request.Headers["Sec-Fetch-Mode"] != "navigate")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.HandleResponse();
        }

        return Task.CompletedTask;
    }

    /// <summary>A cookie goes along whoever makes the browser send a request, so that another site's page could order in the user's name.</summary>
    public static Task RequireOwnPages(HttpContext context, RequestDelegate next)
    {
        bool matters = context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments("/sign-out");
        if (!matters || context.Request.Headers["Sec-Fetch-Site"] == "same-origin")
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
