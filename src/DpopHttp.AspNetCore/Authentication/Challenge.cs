using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DpopHttp.AspNetCore;

/// <summary>
/// The challenges of a 401: the one of the DPoP scheme (RFC 9449 section 7.1), and the one that the inner handler wrote for Bearer where
/// both are accepted. Challenges of other schemes stay as they are.
/// </summary>
internal sealed class Challenge(ProtectedScheme scheme, DpopValidation? validation, HttpResponse response)
{
    private readonly StringValues _others = response.Headers.WWWAuthenticate;
    private bool _isWritten;

    /// <summary>Called when the inner handler has written its challenge, and again when the answer starts.</summary>
    public void Write()
    {
        if (_isWritten || response.StatusCode != StatusCodes.Status401Unauthorized)
        {
            return;
        }

        _isWritten = true;
        List<string?> challenges = [];
        List<string?> others = [.. _others];
        string? bearer = null;
        foreach (string? value in response.Headers.WWWAuthenticate)
        {
            if (!others.Remove(value) && IsBearer(value))
            {
                bearer = value;
            }
            else
            {
                challenges.Add(value);
            }
        }

        // An error belongs to the scheme that the token came with.
        bool cameAsDpop = Credentials.Read(response.HttpContext.Request.Headers.Authorization).Kind == CredentialKind.Dpop;
        if (scheme.Options.BearerTokens == DpopBearerTokens.AllowUnbound)
        {
            ChallengesOfRequest.AddOnce(challenges, cameAsDpop || bearer is null ? Credentials.BearerScheme : bearer);
        }

        ChallengesOfRequest.Of(response.HttpContext).Add(challenges, DpopChallenge(cameAsDpop ? bearer : null), isDecisive: validation?.Error is not null);
        response.Headers.WWWAuthenticate = new StringValues([.. challenges]);
        DpopHeaders.SetNoStore(response);
    }

    private string DpopChallenge(string? innerChallenge)
    {
        string algs = $"algs=\"{scheme.AlgorithmNames}\"";
        if (validation?.Error is { } error)
        {
            string description = validation.Proof?.FailedCheck is { } check ? RefusalNames.DescriptionOf(check) : validation.Description!;
            return $"DPoP error=\"{error}\", error_description=\"{description}\", {algs}";
        }

        // What the inner handler found wrong with the token, said for the scheme that it came with.
        string parameters = innerChallenge?[Credentials.BearerScheme.Length..].Trim() ?? "";
        return parameters.Length == 0 ? $"DPoP {algs}" : $"DPoP {parameters}, {algs}";
    }

    private static bool IsBearer(string? challenge) =>
        challenge is not null
        && challenge.StartsWith(Credentials.BearerScheme, StringComparison.OrdinalIgnoreCase)
        && (challenge.Length == Credentials.BearerScheme.Length || challenge[Credentials.BearerScheme.Length] == ' ');
}
