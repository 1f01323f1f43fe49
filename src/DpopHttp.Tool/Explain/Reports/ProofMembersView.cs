using System.Globalization;
using System.Text.Json;
using DpopHttp.Tool.Explain.Checks;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Explain.Reports;

/// <summary>The members of a proof as a reader wants to see them. A private member of a jwk is never shown.</summary>
internal static class ProofMembersView
{
    public const string Hidden = "(hidden)";

    public static IEnumerable<(string Name, string Value)> Header(Explanation explanation) =>
        explanation.Proof!.Header.EnumerateObject().Select(member => (
            member.Name,
            member.Name != "jwk" ? Plain(member.Value)
            : explanation.KeyDescription is { } key ? $"{key}, thumbprint {explanation.Thumbprint}"
            : member.Value.ValueKind == JsonValueKind.Object ? $"an object with {string.Join(", ", member.Value.EnumerateObject().Select(part => Printable.Clean(part.Name, 20)))}"
            : "not an object"));

    public static IEnumerable<(string Name, string Value)> Claims(Explanation explanation) =>
        explanation.Proof!.Claims.EnumerateObject().Select(member => (
            member.Name,
            member.Name is "iat" or "exp" or "nbf" ? Time(member.Value) : Plain(member.Value)));

    private static string Plain(JsonElement value) => Printable.Clean(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), 300);

    private static string Time(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && seconds is >= 0 and < 253402300800
            ? $"{Plain(value)} ({DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)).UtcDateTime.ToString("u", CultureInfo.InvariantCulture)})"
            : Plain(value);
}
