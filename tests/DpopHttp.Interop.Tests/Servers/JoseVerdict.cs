using System.Text.Json;

namespace DpopHttp.Interop.Tests.Servers;

/// <summary>What jose found: an error, or the facts of a proof that is right.</summary>
internal sealed record JoseVerdict(bool Ok, string? Error, string? Thumbprint, string? Alg, JsonElement Payload);
