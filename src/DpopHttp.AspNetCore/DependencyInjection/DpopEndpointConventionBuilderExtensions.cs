using DpopHttp.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Demands DPoP at endpoints.</summary>
public static class DpopEndpointConventionBuilderExtensions
{
    /// <summary>
    /// Demands an authenticated caller whose token came with a good proof, where the scheme would also accept Bearer tokens. Implies
    /// <c>RequireAuthorization()</c>.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <returns>The builder.</returns>
    public static TBuilder RequireDpop<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequireDpopAttribute());

    /// <summary>
    /// Demands a proof with a nonce of the server (RFC 9449 section 9), whatever the scheme's mode is. Implies
    /// <see cref="RequireDpop{TBuilder}"/>.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the builder.</typeparam>
    /// <param name="builder">The endpoint, or a group of them.</param>
    /// <returns>The builder.</returns>
    public static TBuilder RequireDpopNonce<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequireDpopNonceAttribute());
}
