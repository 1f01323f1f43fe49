using System.Security.Cryptography;
using System.Text;
using DpopHttp.Tool.Output;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Tokens.Flows;

/// <summary>Where the authorization server sends the user's browser back to.</summary>
/// <param name="state">What the authorization request had: a callback without it is of another sign-in, or of somebody else.</param>
/// <param name="issuer">Whom the request went to (RFC 9207).</param>
internal sealed class CallbackPage(string state, string issuer)
{
    public const string Path = "/callback";

    private readonly TaskCompletionSource<string> _code = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The authorization code, when it comes.</summary>
    public Task<string> Code => _code.Task;

    public async Task HandleAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        bool isOurs = context.Request.Path == Path
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(query["state"].ToString()), Encoding.UTF8.GetBytes(state));
        if (!isOurs)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        string? problem = ProblemOf(query);
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(problem is null ? "You are signed in and can close this page.\n" : "The sign-in failed; see the terminal.\n", context.RequestAborted).ConfigureAwait(false);

        // The page is to arrive before the server ends.
        await context.Response.CompleteAsync().ConfigureAwait(false);
        _ = problem is null ? _code.TrySetResult(query["code"].ToString()) : _code.TrySetException(new ToolException(problem));
    }

    private string? ProblemOf(IQueryCollection query)
    {
        if (query["error"].ToString() is { Length: > 0 } error)
        {
            return Printable.Clean($"The sign-in failed: {error}{(query["error_description"].ToString() is { Length: > 0 } text ? $", {text}" : "")}", 300);
        }

        return query["iss"].ToString() is { Length: > 0 } iss && iss.TrimEnd('/') != issuer.TrimEnd('/')
            ? $"The answer to the sign-in is of another server, {Printable.Clean(iss, 200)}."
            : query["code"].ToString().Length == 0 ? "The answer to the sign-in has no code." : null;
    }
}
