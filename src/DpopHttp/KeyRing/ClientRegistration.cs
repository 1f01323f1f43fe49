namespace DpopHttp.KeyRing;

/// <summary>One call of AddDpop or RemoveDpop. The last one for a client counts.</summary>
/// <param name="Name">The client's name; null for the defaults of all clients.</param>
/// <param name="UsesDpop">Whether the call was AddDpop.</param>
internal sealed record ClientRegistration(string? Name, bool UsesDpop);
