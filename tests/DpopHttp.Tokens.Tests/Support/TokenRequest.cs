namespace DpopHttp.Tokens.Tests.Support;

/// <summary>A token request as the server saw it.</summary>
/// <param name="Form">The body's fields.</param>
/// <param name="Authorization">The Authorization field, or null.</param>
/// <param name="Thumbprint">The key of the proof, which was verified.</param>
/// <param name="Nonce">The proof's nonce, or null.</param>
internal sealed record TokenRequest(IReadOnlyDictionary<string, string> Form, string? Authorization, string Thumbprint, string? Nonce);
