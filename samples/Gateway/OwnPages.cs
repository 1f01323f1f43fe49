namespace Gateway;

/// <summary>A cookie goes along whoever makes the browser send a request, so that another site's page could order in the user's name.</summary>
internal static class OwnPages
{
    /// <summary>The browser says by Sec-Fetch-Site where a request comes from; no script can set it.</summary>
    public static Task Require(HttpContext context, RequestDelegate next)
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
