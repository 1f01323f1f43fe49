using System.Net;
using DpopHttp.Http.Requests;

namespace DpopHttp.Http.Challenges;

/// <summary>Reads the errors that a refusal names: from its challenges, and from its body where those leave a question.</summary>
internal static class RefusalReader
{
    /// <summary>The errors, those of the challenges first.</summary>
    /// <param name="response">The refusal. Its body stays readable for the caller.</param>
    /// <param name="readsBody">Whether the body may be looked at, for a server that names its error only there.</param>
    /// <param name="time">Bounds the reading of the body.</param>
    /// <param name="async">Whether to await, or to read in place.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<IReadOnlyList<RefusalError>> ReadErrorsAsync(
        HttpResponseMessage response, bool readsBody, TimeProvider time, bool async, CancellationToken cancellationToken)
    {
        List<RefusalError> errors = [];
        foreach (AuthenticationChallenge challenge in AuthenticationChallenge.ReadAll(response))
        {
            if (challenge.Parameters.TryGetValue("error", out string? code))
            {
                errors.Add(new RefusalError(code, DpopScheme.Is(challenge.Scheme)));
            }
        }

        // A challenge that names its error has said it all. So does an authorization server only in its body (RFC 6749 section 5.2).
        if (readsBody && !errors.Exists(error => error.IsAboutProof) && response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized
            && await ErrorBody.ReadErrorAsync(response, time, async, cancellationToken).ConfigureAwait(false) is { } inBody)
        {
            errors.Add(new RefusalError(inBody, IsAboutProof: true));
        }

        return errors;
    }
}
