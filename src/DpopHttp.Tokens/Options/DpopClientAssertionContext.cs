namespace DpopHttp;

/// <summary>What a client assertion is wanted for: see <see cref="DpopTokenOptions.ClientAssertion"/>.</summary>
public sealed class DpopClientAssertionContext
{
    internal DpopClientAssertionContext(string clientId, string audience, DateTimeOffset time) => (ClientId, Audience, Time) = (clientId, audience, time);

    /// <summary>The client identifier, which is the assertion's <c>iss</c> and <c>sub</c> (RFC 7523 section 3).</summary>
    public string ClientId { get; }

    /// <summary>What the assertion is addressed to, its <c>aud</c>: the issuer where it is known, else the token endpoint.</summary>
    public string Audience { get; }

    /// <summary>The time for <c>iat</c>, <c>nbf</c> and <c>exp</c>: the client's, or the server's where that is known to differ.</summary>
    public DateTimeOffset Time { get; }
}
