namespace DpopHttp.Tool.Grants;

/// <summary>Who asks whom for tokens, and for what.</summary>
internal sealed record ClientGrant(Uri Issuer, string ClientId, string? Secret, string? AssertionJwk, string? Scope, IReadOnlyList<string> Resources)
{
    /// <summary>Takes over what a client with tokens of its own needs.</summary>
    public void CopyTo(DpopTokenOptions options)
    {
        options.Authority = Issuer;
        options.ClientId = ClientId;
        options.ClientSecret = Secret;
        options.ClientAssertionJwk = AssertionJwk;
        options.Scope = Scope;
        foreach (string resource in Resources)
        {
            options.Resources.Add(resource);
        }
    }

    /// <summary>Never its secrets.</summary>
    public override string ToString() => $"{ClientId} at {Issuer}";
}
