using DpopHttp.AspNetCore;
using Microsoft.AspNetCore.Cors.Infrastructure;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Lets scripts of other origins use DPoP.</summary>
public static class DpopCorsPolicyBuilderExtensions
{
    /// <summary>
    /// Lets scripts send the headers Authorization and DPoP, and read DPoP-Nonce and WWW-Authenticate of the answer (RFC 9449 section 8.2).
    /// Which origins and methods are allowed is for the rest of the policy to say.
    /// </summary>
    /// <param name="builder">The builder of the CORS policy.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static CorsPolicyBuilder WithDpop(this CorsPolicyBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WithExposedHeaders(DpopHeaders.Nonce, "WWW-Authenticate");

        // A policy that allows any header would allow only those that it names as soon as it names one.
        return builder.Build().AllowAnyHeader ? builder : builder.WithHeaders("Authorization", DpopHeaders.Proof);
    }
}
