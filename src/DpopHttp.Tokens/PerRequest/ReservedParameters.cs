namespace DpopHttp.Tokens.PerRequest;

/// <summary>The parameters that every token request sets by itself (RFC 6749 section 4.4.2, RFC 7521 section 4.2, RFC 8707 section 2).</summary>
internal static class ReservedParameters
{
    public static bool Contains(string name) =>
        name is "grant_type" or "scope" or "resource" or "refresh_token" or "client_secret" or "client_assertion" or "client_assertion_type";
}
