using Microsoft.Extensions.Primitives;

namespace DpopHttp.AspNetCore;

/// <summary>The Authorization header taken apart (RFC 9110 section 11.4). Schemes are compared ignoring case.</summary>
internal readonly record struct Credentials(CredentialKind Kind, string? Token)
{
    public const string DpopScheme = "DPoP";
    public const string BearerScheme = "Bearer";

    public static Credentials Read(StringValues authorization)
    {
        if (authorization.Count == 0)
        {
            return new Credentials(CredentialKind.None, null);
        }

        if (authorization.Count > 1)
        {
            foreach (string? value in authorization)
            {
                if (TokenOf(DpopScheme, value) is not null)
                {
                    return new Credentials(CredentialKind.Ambiguous, null);
                }
            }

            return new Credentials(CredentialKind.Other, null);
        }

        string? only = authorization[0];
        if (TokenOf(DpopScheme, only) is { } token)
        {
            return new Credentials(CredentialKind.Dpop, token);
        }

        return TokenOf(BearerScheme, only) is { } bearer
            ? new Credentials(CredentialKind.Bearer, bearer)
            : new Credentials(CredentialKind.Other, null);
    }

    private static string? TokenOf(string scheme, string? header) =>
        header is not null
        && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
        && (header.Length == scheme.Length || header[scheme.Length] == ' ')
            ? header[scheme.Length..].Trim(' ')
            : null;
}
