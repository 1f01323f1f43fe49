using System.Net;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>One request as it went over the wire, and how it was answered.</summary>
internal sealed record Attempt(HttpMethod Method, Uri Uri, string? Token, IReadOnlyDictionary<string, string> Form, HttpStatusCode Status)
{
    public override string ToString() => $"{Method} {Uri.AbsolutePath} {(int)Status}";
}
