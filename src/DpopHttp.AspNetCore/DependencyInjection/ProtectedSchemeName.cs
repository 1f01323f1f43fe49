namespace DpopHttp.AspNetCore;

/// <summary>The name of a scheme that <c>AddDpop</c> was called for.</summary>
internal sealed record ProtectedSchemeName(string Value);
