using Microsoft.AspNetCore.Authentication;

namespace DpopHttp.AspNetCore.Tests.Support;

internal sealed class OpaqueTokenOptions : AuthenticationSchemeOptions
{
    /// <summary>The cnf claim by token.</summary>
    public Dictionary<string, string> Confirmations { get; } = [];
}
