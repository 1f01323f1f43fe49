using System.Security.Cryptography;
using DpopHttp.OpenIdConnect.Sessions;
using Microsoft.AspNetCore.Authentication;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>What of a session is in the authentication properties: on the way to the authorization server in its state, afterwards in the cookie.</summary>
internal static class SessionTicket
{
    private const string SchemeItem = ".dpop.scheme", SessionItem = ".dpop.session", ThumbprintItem = ".dpop.jkt", KeyItem = ".dpop.key";

    private const string RefreshToken = "refresh_token";

    /// <summary>Notes the key that the code will be bound to.</summary>
    public static void SetKey(AuthenticationProperties properties, DpopKey key, SessionSeal? seal)
    {
        properties.Items[ThumbprintItem] = key.Thumbprint;
        properties.Items.Remove(KeyItem);
        if (seal is not null)
        {
            properties.Items[KeyItem] = seal.ProtectKey(key);
        }
    }

    /// <summary>The key that was noted. Null: it isn't known any more.</summary>
    public static DpopKey? FindKey(AuthenticationProperties? properties, SessionSeal seal, Func<string, DpopKey?> findKey)
    {
        if (properties is null || !properties.Items.TryGetValue(ThumbprintItem, out string? thumbprint) || thumbprint is null)
        {
            return null;
        }

        try
        {
            return properties.Items.TryGetValue(KeyItem, out string? key) && key is not null ? seal.UnprotectKey(key) : findKey(thumbprint);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Leaves the session's identifier in the cookie, and takes the key out of it, and the refresh token, which the store alone has from now on.</summary>
    public static void SetSession(AuthenticationProperties properties, string scheme, string id)
    {
        properties.Items.Remove(ThumbprintItem);
        properties.Items.Remove(KeyItem);
        properties.Items[SchemeItem] = scheme;
        properties.Items[SessionItem] = id;
        List<AuthenticationToken> tokens = [.. properties.GetTokens()];
        if (tokens.RemoveAll(token => token.Name == RefreshToken) > 0)
        {
            properties.StoreTokens(tokens);
        }
    }

    /// <summary>The session's scheme and identifier, or null.</summary>
    public static (string Scheme, string Id)? Find(AuthenticationProperties? properties) =>
        properties is not null
        && properties.Items.TryGetValue(SchemeItem, out string? scheme) && scheme is not null
        && properties.Items.TryGetValue(SessionItem, out string? id) && id is not null
            ? (scheme, id)
            : null;
}
