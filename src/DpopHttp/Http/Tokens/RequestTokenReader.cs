using System.Net.Http.Headers;
using DpopHttp.Proofs;

namespace DpopHttp.Http.Tokens;

/// <summary>Reads the Authorization header that somebody outside put there, and decides between DPoP and Bearer.</summary>
internal sealed class RequestTokenReader(BearerTokenHandling bearerTokens)
{
    private readonly AccessTokenCache _tokens = new();

    /// <exception cref="DpopException">The header is unusable, the token is another key's, or Bearer is rejected.</exception>
    public RequestToken Read(HttpRequestHeaders headers, DpopKey key)
    {
        if (!headers.NonValidated.TryGetValues("Authorization", out HeaderStringValues raw))
        {
            return new RequestToken(WantsProof: true);
        }

        if (raw.Count != 1)
        {
            throw Errors.InvalidAccessToken($"is set {raw.Count} times");
        }

        string scheme = SchemeOf(raw.ToString());
        bool isBearer = DpopScheme.IsBearer(scheme);
        if (!isBearer && !DpopScheme.Is(scheme))
        {
            return new RequestToken(WantsProof: true);
        }

        if (isBearer && bearerTokens == BearerTokenHandling.Reject)
        {
            throw Errors.BearerRejected();
        }

        string value = TokenOf(headers.Authorization, scheme);
        AccessToken token = BoundTo(key, value);
        if (isBearer && bearerTokens == BearerTokenHandling.Allow && token.BoundThumbprint is null)
        {
            return new RequestToken(WantsProof: false);
        }

        return new RequestToken(WantsProof: true, token.Hash, isBearer ? token.AsDpop : null, value);
    }

    /// <summary>A token that takes the place of one that the server refused.</summary>
    /// <exception cref="DpopException">It is no token, or another key's.</exception>
    public RequestToken Renewed(string value, DpopKey key)
    {
        if (!AccessTokenHash.IsToken(value))
        {
            throw Errors.InvalidAccessToken("would have a renewed token with characters other than visible ASCII");
        }

        AccessToken token = BoundTo(key, value);
        return new RequestToken(WantsProof: true, token.Hash, token.AsDpop, value);
    }

    private AccessToken BoundTo(DpopKey key, string value)
    {
        AccessToken token = _tokens[value];
        return token.BoundThumbprint is { } bound && bound != key.Thumbprint ? throw Errors.KeyMismatch(bound, key) : token;
    }

    private static string SchemeOf(string header)
    {
        ReadOnlySpan<char> text = header.AsSpan().TrimStart();
        int end = text.IndexOfAny(' ', '\t');
        return (end < 0 ? text : text[..end]).ToString();
    }

    private static string TokenOf(AuthenticationHeaderValue? header, string scheme) =>
        header?.Parameter is { } token && AccessTokenHash.IsToken(token)
            ? token
            : throw Errors.InvalidAccessToken($"has the scheme {scheme}, but no token or one with characters other than visible ASCII");
}
