using Duende.IdentityModel.Client;

namespace DpopHttp;

/// <summary>What DPoP adds to the parameters of an authorization request.</summary>
public static class DpopParametersExtensions
{
    private const string DpopJkt = "dpop_jkt";

    /// <summary>
    /// Adds <c>dpop_jkt</c>, the key's thumbprint (RFC 9449 section 10): the server gives out an authorization code that is good with a proof of
    /// this key only. For the URL of an authorization request as well as for a pushed one (RFC 9126).
    /// </summary>
    /// <param name="parameters">
    /// The parameters. A <c>dpop_jkt</c> in them is replaced, whatever its value. In a <see cref="PushedAuthorizationRequest"/> leave
    /// <see cref="PushedAuthorizationRequest.DPoPKeyThumbprint"/> unset: it is the same parameter, and a request has one.
    /// </param>
    /// <param name="key">The key that the client signs its token request with.</param>
    /// <returns>The same parameters.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static Parameters AddDpopJkt(this Parameters parameters, DpopKey key)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(key);
        parameters.Add(DpopJkt, key.Thumbprint, ParameterReplaceBehavior.All);
        return parameters;
    }
}
