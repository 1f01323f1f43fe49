using System.Globalization;

namespace DpopHttp.Benchmarks.Verification;

/// <summary>What verifying a proof costs as a multiple of checking its signature, in turn with it: by a key seen before, and by a new one.</summary>
internal static class VerificationCosts
{
    private const int CallsPerTurn = 10;

    public static void Run(TextWriter output, int turns = 300)
    {
        using VerificationBenchmarks benchmarks = new();
        CostCase check = new("bare signature check", () => benchmarks.BareCheck()), known = new("verification, key seen before", () => benchmarks.KeySeenBefore());
        CostCase import = new("bare import and check", () => benchmarks.BareImportAndCheck()), fresh = new("verification, new key", () => benchmarks.NewKey());
        CostCase.Take([check, known, import, fresh], turns, CallsPerTurn);
        foreach ((CostCase bare, CostCase whole) in ((CostCase, CostCase)[])[(check, known), (import, fresh)])
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {bare.Name,-36} | {bare.Time,8:0.00} µs |  1.000 | {bare.Bytes,6:0} B |"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {whole.Name,-36} | {whole.Time,8:0.00} µs | {whole.RatioTo(bare),6:0.000} | {whole.Bytes,6:0} B |"));
        }
    }
}
