namespace DpopHttp;

/// <summary>What becomes of a request whose Authorization header has the scheme Bearer.</summary>
public enum BearerTokenHandling
{
    /// <summary>It goes out with the scheme DPoP and a proof, so that libraries that only know Bearer work. The default.</summary>
    Upgrade,

    /// <summary>
    /// For a migration: a token that is not visibly bound to this client's key goes out as plain Bearer without a proof.
    /// A JWT whose <c>cnf.jkt</c> is this client's key is upgraded all the same.
    /// </summary>
    Allow,

    /// <summary>It fails with <see cref="DpopErrorCodes.BearerRejected"/>.</summary>
    Reject,
}
