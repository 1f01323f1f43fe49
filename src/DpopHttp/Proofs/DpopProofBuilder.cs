using System.Text.Json.Nodes;
using DpopHttp.Proofs;

namespace DpopHttp;

/// <summary>A proof that is about to be signed for one attempt: takes further claims and header members, see <see cref="DpopOptions.ConfigureProof"/>.</summary>
public sealed class DpopProofBuilder
{
    private Dictionary<string, JsonNode?>? _headerMembers;

    internal DpopProofBuilder(HttpRequestMessage request, long issuedAt)
    {
        Request = request;
        IssuedAt = DateTimeOffset.FromUnixTimeSeconds(issuedAt);
    }

    /// <summary>The request as this attempt sends it, with its body. It must not be changed.</summary>
    public HttpRequestMessage Request { get; }

    /// <summary>The proof's <c>iat</c>, in whole seconds: the client's time, or the server's where that is known to differ.</summary>
    public DateTimeOffset IssuedAt { get; }

    internal Dictionary<string, JsonNode?> Claims { get; } = [];

    internal IReadOnlyDictionary<string, JsonNode?>? HeaderMembers => _headerMembers;

    /// <summary>
    /// Sets a claim (RFC 9449 section 4.2 allows further ones), in place of one of that name from <see cref="DpopOptions.AdditionalClaims"/> or
    /// <see cref="DpopOptions.ProofLifetime"/>.
    /// </summary>
    /// <param name="name">The claim's name. Not <c>jti</c>, <c>htm</c>, <c>htu</c>, <c>iat</c>, <c>ath</c> or <c>nonce</c>.</param>
    /// <param name="value">Its value. Null is JSON's null.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The name is empty, or that of a claim of RFC 9449.</exception>
    public DpopProofBuilder SetClaim(string name, JsonNode? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (ProofClaims.Reserved.Contains(name))
        {
            throw new ArgumentException($"The claim '{name}' is one that every proof sets by itself (RFC 9449 section 4.2). Give the claim another name.", nameof(name));
        }

        Claims[name] = value;
        return this;
    }

    /// <summary>Sets a member of the JOSE header, such as <c>kid</c> (RFC 7515 section 4).</summary>
    /// <param name="name">The member's name. Not <c>typ</c>, <c>alg</c> or <c>jwk</c>.</param>
    /// <param name="value">Its value. Null is JSON's null.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentException">The name is empty, or that of a member of RFC 9449.</exception>
    public DpopProofBuilder SetHeaderMember(string name, JsonNode? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (ProofClaims.ReservedHeaderMembers.Contains(name))
        {
            throw new ArgumentException($"The header member '{name}' is one that every proof sets by itself (RFC 9449 section 4.2). Give the member another name.", nameof(name));
        }

        (_headerMembers ??= [])[name] = value;
        return this;
    }
}
