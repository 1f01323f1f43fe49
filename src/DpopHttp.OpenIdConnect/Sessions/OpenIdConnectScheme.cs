namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>One call of AddDpop for a scheme.</summary>
internal sealed record OpenIdConnectScheme(string Name);
