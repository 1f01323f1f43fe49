using System.Net.Http.Headers;
using DpopHttp.Http.Errors;
using DpopHttp.Http.Requests;
using DpopHttp.Proofs;

namespace DpopHttp.Http.Authorization;

/// <summary>Reads the Authorization field that somebody outside set, and decides between DPoP and Bearer.</summary>
internal sealed class RequestTokenReader(BearerTokenHandling bearerTokens)
{
    private readonly AccessTokenCache _tokens = new();

    /// <exception cref="DpopException">The field is unusable, the token is another key's, or Bearer is rejected.</exception>
    public RequestToken Read(HttpRequestHeaders headers, DpopKey key)
    {
        if (!headers.NonValidated.TryGetValues("Authorization", out HeaderStringValues values))
        {
            return new RequestToken(WantsProof: true);
        }

        if (values.Count != 1)
        {
            throw RequestErrors.InvalidAccessToken($"is set {values.Count} times");
        }

        string field = values.ToString();
        ReadOnlySpan<char> scheme = SplitScheme(field, out ReadOnlySpan<char> credentials);
        bool isBearer = DpopScheme.IsBearer(scheme);
        if (!isBearer && !DpopScheme.Is(scheme))
        {
            return new RequestToken(WantsProof: true, CallersField: field);
        }

        if (isBearer && bearerTokens == BearerTokenHandling.Reject)
        {
            throw RequestErrors.BearerRejected();
        }

        if (!AccessTokenHash.IsToken(credentials))
        {
            throw RequestErrors.InvalidAccessToken($"has the scheme {scheme}, but no token or one with characters other than visible ASCII");
        }

        AccessToken token = RequireBoundTo(key, credentials);
        if (isBearer && bearerTokens == BearerTokenHandling.Allow && token.BoundThumbprint is null)
        {
            return new RequestToken(WantsProof: false, CallersField: field);
        }

        // A field that the caller set as an object would be printed once more on its way to the wire: the text that was read goes out instead.
        return new RequestToken(WantsProof: true, token, field, isBearer ? token.Field : field, isBearer);
    }

    /// <summary>A token that takes the place of one that the server refused.</summary>
    /// <exception cref="DpopException">It is not a token, or it is another key's.</exception>
    public RequestToken Renew(RequestToken refused, string value, DpopKey key)
    {
        if (!AccessTokenHash.IsToken(value))
        {
            throw RequestErrors.InvalidAccessToken("would have a renewed token with characters other than visible ASCII");
        }

        AccessToken token = RequireBoundTo(key, value);
        return refused with { Token = token, Field = token.Field };
    }

    private AccessToken RequireBoundTo(DpopKey key, ReadOnlySpan<char> value)
    {
        AccessToken token = _tokens.Find(value);
        return token.BoundThumbprint is { } bound && bound != key.Thumbprint ? throw RequestErrors.KeyMismatch(bound, key.Thumbprint) : token;
    }

    private static ReadOnlySpan<char> SplitScheme(ReadOnlySpan<char> field, out ReadOnlySpan<char> credentials)
    {
        field = field.Trim(" \t");
        int end = field.IndexOfAny(' ', '\t');
        credentials = end < 0 ? [] : field[end..].TrimStart(" \t");
        return end < 0 ? field : field[..end];
    }
}
