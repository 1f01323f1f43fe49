namespace DpopHttp.Testing;

/// <summary>What a refusal of a <see cref="ProtectedResourceHandler"/> looks like.</summary>
public enum ChallengeForm
{
    /// <summary>
    /// 401 with one <c>WWW-Authenticate</c> line (RFC 9449 sections 7.1 and 9): realm, error, error_description and algs; without
    /// credentials algs alone.
    /// </summary>
    Unauthorized,

    /// <summary>
    /// 400 with a JSON body, as an authorization server answers (RFC 9449 sections 5 and 8, RFC 6749 section 5.2). A replayed proof is
    /// <c>invalid_dpop_proof</c> here, a token or key that does not match <c>invalid_grant</c>, a missing token <c>invalid_request</c>.
    /// </summary>
    BadRequest,

    /// <summary>
    /// 401 with challenges of three schemes: Bearer and DPoP in one line, Basic in another. Commas and quotes stand in quoted strings,
    /// and the error is not the first parameter (RFC 9110 section 11.6.1).
    /// </summary>
    SeveralChallenges,
}
