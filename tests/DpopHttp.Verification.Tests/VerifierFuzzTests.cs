using System.Globalization;
using System.Text;
using DpopHttp.Tests.Handmade;

namespace DpopHttp.Verification.Tests;

/// <summary>
/// Proofs changed at random: none is accepted, and none makes the verifier throw. DPOP_FUZZ_PROOFS in the environment says how many; a
/// million takes some minutes.
/// </summary>
public sealed class VerifierFuzzTests : IDisposable
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ,\"{}[]:\\\0\u00e9\ud83d";

    private static readonly string[] Fragments =
    [
        "null", "[]", "{}", "1e999", "-1", "\"\\ud800\"", "\"\\u0000\"", "{\"d\":\"AA\"}", "\"ES256\"", "\"none\"", "\"GET\"", "\"\"", "true",
        "\"crit\":[],", "\"b64\":false,", "\"jti\":\"x\",", "\"exp\":0,", "\u00ff", "//", "[[[[[[[[[[[[[[[[[[[[", "0000000000000000000000000000000",
    ];

    private readonly ProofBench _bench = new();

    private static int Proofs =>
        int.TryParse(Environment.GetEnvironmentVariable("DPOP_FUZZ_PROOFS"), NumberStyles.None, CultureInfo.InvariantCulture, out int proofs) ? proofs : 20_000;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Verify_ProofsChangedAtRandom_NoneIsAcceptedAndNoneThrows()
    {
        Random random = new(9449);
        HandmadeProof proof = _bench.Proof();
        string good = proof.ToString();
        for (int i = 0; i < Proofs; i++)
        {
            string bad = Change(good, random);
            if (bad != good)
            {
                DpopProofResult result = _bench.Verify(bad);
                Assert.False(result.IsValid, $"number {i}: {bad}");
                Assert.False(string.IsNullOrEmpty(result.Description));
            }
        }

        Assert.True(_bench.Verify(good).IsValid);
    }

    [Fact]
    public void Verify_JsonChangedAtRandomAndSignedAnew_NeverThrowsAndIsAcceptedOnlyWithTheRequiredClaims()
    {
        Random random = new(7519);
        using ProofBench bench = new() { Verifier = new DpopProofVerifier { TimeProvider = _bench.Clock, ReplayStore = null } };
        for (int i = 0; i < Proofs / 10; i++)
        {
            HandmadeProof proof = bench.Proof();
            string header = Maybe(proof.Header.ToJsonString(), random);
            string claims = Maybe(proof.Claims.ToJsonString(), random);

            DpopProofResult result = bench.Verify(proof.Compact(header, claims));

            if (result.IsValid)
            {
                Assert.Equal("dpop+jwt", result.Header["typ"].GetString());
                Assert.Equal(("GET", bench.Key.Thumbprint), (result.Claims["htm"].GetString(), result.Thumbprint));
                Assert.False(result.Header.ContainsKey("crit"));
            }
        }
    }

    private static string Maybe(string text, Random random) => random.Next(2) == 0 ? text : Change(text, random);

    private static string Change(string text, Random random)
    {
        StringBuilder changed = new(text);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(changed.Length);
            switch (random.Next(6))
            {
                case 0:
                    changed[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                case 1:
                    changed.Remove(at, Math.Min(random.Next(1, 20), changed.Length - at));
                    break;
                case 2:
                    changed.Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 3:
                    changed.Insert(at, changed.ToString(at, Math.Min(random.Next(1, 100), changed.Length - at)));
                    break;
                case 4:
                    changed[at] ^= (char)(1 << random.Next(8));
                    break;
                default:
                    changed.Length = at;
                    break;
            }

            if (changed.Length == 0)
            {
                return "";
            }
        }

        return changed.ToString();
    }
}
