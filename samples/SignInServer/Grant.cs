namespace SignInServer;

/// <summary>Who signed in, for what, and with which key.</summary>
internal sealed record Grant(string User, AuthorizationRequest Request)
{
    public string Thumbprint { get; init; } = "";
}
