using LoopbackServers;

namespace Quickstart;

/// <summary>Prints one exchange: the request, the claims of its proof, the answer.</summary>
internal static class ExchangePrinter
{
    private const string Indent = "       ";

    public static void Print(LoopbackExchange exchange)
    {
        Paper.Line();
        string line = $"{exchange.Method} {exchange.Path}";
        Paper.Line($"   --> {line,-20}{Credentials(exchange),-36}to the {exchange.Server}", ConsoleColor.DarkCyan);
        PrintProof(exchange);
        Paper.Line($"   <-- {Answer(exchange)}", exchange.Status < 300 ? ConsoleColor.DarkGreen : ConsoleColor.DarkYellow);
    }

    private static void PrintProof(LoopbackExchange exchange)
    {
        if (exchange.ProofResult is null)
        {
            Paper.Line($"{Indent}{(exchange.Proof is null ? "no proof" : "a proof, not looked at")}");
            return;
        }

        Paper.Line($"{Indent}proof  {Cell(exchange, "jti")}{Cell(exchange, "htm")}htu {exchange.Claim("htu")}");
        Paper.Line($"{Indent}       {Cell(exchange, "iat")}{Cell(exchange, "ath")}nonce {Paper.Shorten(exchange.Claim("nonce"))}");
    }

    private static string Cell(LoopbackExchange exchange, string claim) => $"{claim} {Paper.Shorten(exchange.Claim(claim)),-14}";

    private static string Credentials(LoopbackExchange exchange) => exchange.AccessToken is null
        ? $"Authorization: {exchange.Scheme} ..."
        : $"Authorization: {exchange.Scheme} {Paper.Shorten(exchange.AccessToken)}";

    private static string Answer(LoopbackExchange exchange)
    {
        string nonce = exchange.NonceGiven is null ? "" : $"    DPoP-Nonce: {Paper.Shorten(exchange.NonceGiven)}";
        return $"{exchange.Status} {exchange.Error}".TrimEnd() + nonce;
    }
}
