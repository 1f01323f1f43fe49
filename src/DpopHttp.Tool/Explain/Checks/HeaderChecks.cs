using System.Text.Json;
using DpopHttp.Tool.Output;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>Items 4, 5 and 7: the type, the algorithm, and that the key is a public one.</summary>
internal static class HeaderChecks
{
    private const string TypeName = "dpop+jwt";

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

    /// <summary>The members of a jwk that aren't for others to see.</summary>
    public static bool IsPrivateMember(string name) => PrivateMembers.Contains(name);

    public static CheckReport Type(JsonElement header)
    {
        string? type = ProofText.Text(header, "typ");
        if (type == TypeName)
        {
            return CheckReport.Pass(DpopProofCheck.Type, $"typ is {TypeName}.");
        }

        string advice = type?.ToUpperInvariant() switch
        {
            null => $"Set typ to {TypeName}, so that no other JWT can be taken for a proof.",
            "DPOP+JWT" => $"Write {TypeName} in lower case.",
            "AT+JWT" => "This is an access token. The proof belongs into the DPoP header, and the token into Authorization.",
            "JWT" => $"Many libraries set JWT by default. Set typ to {TypeName}.",
            _ => $"Set typ to {TypeName}.",
        };
        return CheckReport.Fail(DpopProofCheck.Type, $"typ is {Quote(header, "typ")} and must be '{TypeName}'.", advice);
    }

    public static CheckReport Algorithm(JsonElement header)
    {
        string? name = ProofText.Text(header, "alg");
        if (name is not null && DpopProofVerifier.SupportedAlgorithms.Contains(name))
        {
            return CheckReport.Pass(DpopProofCheck.Algorithm, $"alg is {name}.");
        }

        string finding = $"alg is {Quote(header, "alg")}.";
        return name switch
        {
            "HS256" or "HS384" or "HS512" => CheckReport.Fail(
                DpopProofCheck.Algorithm, finding, $"{name} is symmetric: whoever verifies could sign as well. Use an asymmetric algorithm such as ES256."),
            _ when "none".Equals(name, StringComparison.OrdinalIgnoreCase) => CheckReport.Fail(
                DpopProofCheck.Algorithm, finding, "A proof must be signed. Use an asymmetric algorithm such as ES256."),
            "EdDSA" or "Ed25519" or "ES256K" => CheckReport.Fail(
                DpopProofCheck.Algorithm, finding, "Some servers accept this algorithm; it can't be verified here. See dpop_signing_alg_values_supported in the server's metadata."),
            _ => CheckReport.Fail(DpopProofCheck.Algorithm, finding, $"Use one of {string.Join(", ", DpopProofVerifier.SupportedAlgorithms)}."),
        };
    }

    public static CheckReport NoPrivateKey(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object)
        {
            return CheckReport.Skip(DpopProofCheck.NoPrivateKey, "There is no jwk.");
        }

        string[] found = [.. jwk.EnumerateObject().Select(member => member.Name).Where(IsPrivateMember)];
        return found.Length == 0
            ? CheckReport.Pass(DpopProofCheck.NoPrivateKey, "jwk has the public key alone.")
            : CheckReport.Fail(
                DpopProofCheck.NoPrivateKey,
                $"jwk has the private member{(found.Length == 1 ? "" : "s")} {string.Join(", ", found)}.",
                "The private key went over the wire: throw it away, make a new one, and put only its public members into jwk.");
    }

    /// <summary>The member's value for a sentence.</summary>
    public static string Quote(JsonElement members, string name) => !members.TryGetProperty(name, out JsonElement value) ? "missing"
        : value.ValueKind == JsonValueKind.String ? $"'{Printable.Clean(value.GetString()!, 200)}'"
        : Printable.Clean(value.GetRawText(), 60);
}
