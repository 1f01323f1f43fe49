using System.Security.Cryptography;
using System.Text;
using DpopHttp.Keys;
using DpopHttp.Tests.Keys.Files;

namespace DpopHttp.Tests.Keys.Fuzzing;

/// <summary>Faulty keys, thousands of them: each is refused by the documented exception, or accepted and works, at a bounded cost.</summary>
public sealed class KeyFuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20_261_126;

    /// <summary>From here on a passphrase takes its time, as it is meant to.</summary>
    private const int SlowRounds = 50_000;

    private readonly KeyDirectory _directory = new();
    private readonly Bounds _bounds = new();

    [Fact]
    public void FromJwk_FaultyTexts_AreRefusedOrWork()
    {
        Mutation mutation = new(Seed);
        byte[][] samples = [.. KeyMaterial.Algorithms.Select(algorithm => Use(algorithm, key => Encoding.UTF8.GetBytes(key.PrivateJwk)))];
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            string text = Encoding.UTF8.GetString(mutation.Next(samples));
            _bounds.Run<ArgumentException>(round, () => Prove(DpopKey.FromJwk(text)));
        }

        Report();
    }

    [Fact]
    public void FromSigner_FaultyPublicJwks_AreRefusedOrAccepted()
    {
        Mutation mutation = new(Seed);
        byte[][] samples = [.. KeyMaterial.Algorithms.Select(algorithm => Use(algorithm, key => Encoding.UTF8.GetBytes(key.PublicJwk)))];
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            string text = Encoding.UTF8.GetString(mutation.Next(samples));
            string algorithm = round % 2 == 0 ? "ES256" : "PS256";
            _bounds.Run<ArgumentException>(round, () => DpopKey.FromSigner(new FaultySigner(algorithm, text)).Dispose());
        }

        Report();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FromPem_FaultyTexts_AreRefusedOrWork(bool withinTheBase64)
    {
        Mutation mutation = new(Seed);
        (string Label, byte[] Der)[] keys = [.. Kinds.SelectMany(kind => Use(kind, key => Forms(key)))];
        byte[][] texts = [.. keys.Select(key => Encoding.ASCII.GetBytes(PemEncoding.WriteString(key.Label, key.Der)))];
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            (string label, byte[] der) = keys[round % keys.Length];
            string text = withinTheBase64
                ? PemEncoding.WriteString(label, mutation.Next([der]))
                : Encoding.UTF8.GetString(mutation.Next(texts));
            string? algorithm = (round % 3) switch { 0 => null, 1 => "PS256", _ => "ES256" };
            _bounds.Run<ArgumentException>(
                round,
                () => Prove(text.Contains("ENCRYPTED", StringComparison.Ordinal)
                    ? DpopKey.FromEncryptedPem(text, KeyMaterial.Passphrase, algorithm)
                    : DpopKey.FromPem(text, algorithm)),
                IsSlow(text));
        }

        Report();
    }

    [Theory]
    [InlineData(KeyForm.Jwk)]
    [InlineData(KeyForm.Passphrase)]
    [InlineData(KeyForm.Protection)]
    public void Open_FaultyFiles_AreRefusedOrWorkAndStayAsTheyAre(KeyForm form)
    {
        Mutation mutation = new(Seed);
        byte[][] samples = [.. Kinds.Select(kind => Use(kind, key => FileOf(key, form)))];
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            byte[] content = mutation.Next(samples);
            _directory.Place("key", content);
            _bounds.Run<DpopException>(round, () => Prove(form.File(_directory.Key).Open()), IsSlow(Encoding.UTF8.GetString(content)));
            Assert.Equal(content, File.ReadAllBytes(_directory.Key));
        }

        Assert.Equal(["key"], _directory.Names);
        Report();
    }

    public void Dispose() => _directory.Dispose();

    private static string[] Kinds => ["ES256", "PS256"];

    private static T Use<T>(string algorithm, Func<KeyMaterial, T> use)
    {
        using KeyMaterial key = KeyMaterial.Create(algorithm);
        return use(key);
    }

    private static (string Label, byte[] Der)[] Forms(KeyMaterial key) =>
        [.. new[] { key.Pkcs8Pem, key.TraditionalPem, key.EncryptedPem }.Select(Decode)];

    private static (string Label, byte[] Der) Decode(string pem)
    {
        PemFields fields = PemEncoding.Find(pem);
        return (pem[fields.Label], Convert.FromBase64String(pem[fields.Base64Data]));
    }

    private static byte[] FileOf(KeyMaterial key, KeyForm form) => Encoding.UTF8.GetBytes(form switch
    {
        KeyForm.Passphrase => $"Algorithm: {key.Algorithm}\n{key.EncryptedPem}\n",
        KeyForm.Protection => PemEncoding.WriteString("PROTECTED DPOP KEY", KeyForms.Protect(Encoding.UTF8.GetBytes(key.PrivateJwk))),
        _ => key.PrivateJwk,
    });

    private static bool IsSlow(string text) => PemEncoding.TryFind(text, out PemFields fields)
        && EncryptionRounds.Read(Convert.FromBase64String(text[fields.Base64Data])) is { } rounds && rounds > SlowRounds;

    private static void Prove(DpopKey key)
    {
        using (key)
        {
            Keys.Files.Proofs.AssertWork(key);
        }
    }

    private void Report()
    {
        output.WriteLine(_bounds.ToString());

        // Without these the inputs would not be near to good ones, or not faulty.
        Assert.InRange(_bounds.Refused, Bounds.Rounds / 4, Bounds.Rounds);
    }

    private sealed class FaultySigner(string algorithm, string publicJwk) : DpopSigner
    {
        public override string Algorithm => algorithm;

        public override string PublicJwk => publicJwk;

        public override ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
