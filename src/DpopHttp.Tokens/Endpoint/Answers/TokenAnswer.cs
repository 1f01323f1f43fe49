using System.Net;

namespace DpopHttp.Tokens.Endpoint.Answers;

/// <summary>What a token endpoint answered (RFC 6749 sections 5.1 and 5.2). A member that is missing, or that isn't a string, is null.</summary>
internal sealed record TokenAnswer(HttpStatusCode Status)
{
    /// <summary>How long the server asks to wait (RFC 9110 section 10.2.3), or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public string? AccessToken { get; init; }

    public string? TokenType { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>How long the token is good, or null if the server doesn't say.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>The server's <c>error</c>, fit for a message.</summary>
    public string? Error { get; init; }

    /// <summary>The server's <c>error_description</c>, fit for a message.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>What is wrong with the answer as a whole, or null.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool IsTransient => Status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
}
