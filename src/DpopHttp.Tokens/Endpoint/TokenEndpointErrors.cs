using DpopHttp.Shared;
using DpopHttp.Tokens.Endpoint.Answers;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>The messages about what a token endpoint does: what was found, which rule, what to do.</summary>
internal static class TokenEndpointErrors
{
    public static DpopTokenException Unavailable(string client, string? why, Exception? cause) => new(
        DpopTokenErrorCodes.TokenUnavailable,
        $"There is no token for the client '{client}' at this time: {why}. No request goes out without one. Try again later, and see that the "
        + "authorization server can be reached.",
        cause);

    public static DpopTokenException Unusable(string client, Uri endpoint, string fault) => new(
        DpopTokenErrorCodes.TokenUnavailable,
        $"The token endpoint {Shown(endpoint)} gave the client '{client}' an answer that cannot be used: {fault}. A token answer is a JSON object with "
        + "an access_token and a token_type (RFC 6749 section 5.1). See that this is the address of the token endpoint, and what the server logs.");

    public static DpopTokenException Refused(string client, Uri endpoint, TokenAnswer answer) => new(
        DpopTokenErrorCodes.TokenRefused,
        answer switch
        {
            { Error: null } => WithoutError(client, endpoint, (int)answer.Status),
            { Error: "invalid_dpop_proof" } => Summary(client, answer) + ProofAdvice(client, endpoint, answer),
            _ => Summary(client, answer) + " A refusal is final (RFC 6749 section 5.2). Correct the client's options, or its registration there.",
        })
    {
        Error = answer.Error,
        ErrorDescription = answer.ErrorDescription,
    };

    public static DpopTokenException NotBound(string client, string? tokenType, bool mayAllow) => new(
        DpopTokenErrorCodes.TokenNotBound,
        tokenType is null
            ? $"The authorization server gave the client '{client}' a token without a token_type, which is a required part of the answer (RFC 6749 section 5.1) "
                + "and says whether the token is bound to the client's key. See that the server supports DPoP and that it is turned on for the client there."
            : $"The authorization server gave the client '{client}' a token of type '{tokenType}'. Such a token is not bound to the client's key "
                + "(RFC 9449 section 5). Turn DPoP on for the client there"
                + (mayAllow ? $", or set {nameof(DpopOptions)}.{nameof(DpopOptions.BearerTokens)} to {nameof(BearerTokenHandling.Allow)} for a migration." : "."));

    public static DpopTokenException BoundToOtherKey(string client, DpopKey key, string other) => new(
        DpopTokenErrorCodes.TokenNotBound,
        $"The authorization server gave the client '{client}' a token that is bound to the key '{ServerText.Clean(other)}', where the proof was signed with {key.Thumbprint} "
        + "(RFC 9449 section 6.1). A token is good with its own key only. See that nothing between the client and the server exchanges proofs or answers.");

    private static string Summary(string client, TokenAnswer answer) =>
        $"The authorization server refused a token for the client '{client}': {answer.Error}"
        + (answer.ErrorDescription is { } description ? $", {description}" : "") + $" (status {(int)answer.Status}).";

    private static string WithoutError(string client, Uri endpoint, int status) =>
        $"The token endpoint {Shown(endpoint)} answered the client '{client}' with status {status}, and names no error (RFC 6749 section 5.2). "
        + (status is >= 300 and < 400
            ? "A redirect isn't followed, because the request has the client's secrets in it (RFC 9700 section 4.12). "
            : "")
        + $"See that this is the address of the token endpoint: correct {nameof(DpopTokenOptions.TokenEndpoint)}, or set {nameof(DpopTokenOptions.Authority)}, "
        + "so that the address is read from the server's metadata.";

    private static string ProofAdvice(string client, Uri endpoint, TokenAnswer answer) =>
        answer.ErrorDescription?.Contains("htu", StringComparison.OrdinalIgnoreCase) == true
            ? $" The proof's htu is '{Shown(endpoint)}', and the server compares it with the address that it has of itself (RFC 9449 section 4.3). Correct the "
                + $"address, or set what the server expects: services.Configure<{nameof(DpopOptions)}>(\"{BackChannel.NameFor(client)}\", o => o.{nameof(DpopOptions.HtuOverride)} = …)."
            : $" The proof is for '{Shown(endpoint)}' (RFC 9449 section 4.3). Compare that address with the one that the server has of itself, and the clocks of both.";

    private static string Shown(Uri endpoint) => endpoint.GetLeftPart(UriPartial.Path);
}
