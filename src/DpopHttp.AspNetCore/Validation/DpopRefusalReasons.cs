namespace DpopHttp.AspNetCore;

/// <summary>
/// Why a token was refused, apart from the checks of the proof. A failed check has its own name as reason: <c>single_header</c>,
/// <c>well_formed</c>, <c>required_claims</c>, <c>type</c>, <c>algorithm</c>, <c>signature</c>, <c>no_private_key</c>, <c>method</c>,
/// <c>uri</c>, <c>nonce</c>, <c>issued_at</c>, <c>lifetime</c>, <c>access_token_hash</c>, <c>key_binding</c> or <c>replay</c>.
/// </summary>
public static class DpopRefusalReasons
{
    /// <summary>
    /// The request has more than one Authorization header, one of them of the DPoP scheme; or the scheme validated another access token than
    /// the one that came with the DPoP scheme.
    /// </summary>
    public const string AmbiguousAuthorization = "ambiguous_authorization";

    /// <summary>The scheme refused the access token.</summary>
    public const string AccessToken = "access_token";

    /// <summary>The token came as DPoP and isn't bound to a key: the principal has no <c>cnf</c> claim with a <c>jkt</c>.</summary>
    public const string UnboundToken = "unbound_token";

    /// <summary>
    /// The token is bound to a key and came as Bearer. Also a token that came another way than in the Authorization header, such as the query,
    /// when the scheme doesn't save it (<c>SaveToken</c> of <c>AddJwtBearer</c>): nobody knows whether it is bound.
    /// </summary>
    public const string BoundTokenAsBearer = "bound_token_as_bearer";

    /// <summary>The token came as Bearer where only DPoP is accepted.</summary>
    public const string BearerToken = "bearer_token";

    /// <summary>The replay store could not say whether the proof was used before.</summary>
    public const string ReplayStore = "replay_store";
}
