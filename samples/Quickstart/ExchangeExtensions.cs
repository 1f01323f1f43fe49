using System.Text.Json;
using LoopbackServers;

namespace Quickstart;

internal static class ExchangeExtensions
{
    /// <summary>A claim of the exchange's proof as text; null when there is none.</summary>
    public static string? Claim(this LoopbackExchange exchange, string name) =>
        exchange.ProofResult?.Claims.TryGetValue(name, out JsonElement value) == true ? value.ToString() : null;

    /// <summary>Whether this is the same request once more, with a proof of its own that has the nonce of the challenge.</summary>
    public static bool Answers(this LoopbackExchange replay, LoopbackExchange challenged) =>
        (replay.Method, replay.Path) == (challenged.Method, challenged.Path)
        && replay.Claim("jti") != challenged.Claim("jti")
        && replay.Claim("nonce") == challenged.NonceGiven;
}
