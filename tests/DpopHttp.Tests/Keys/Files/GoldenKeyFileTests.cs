using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>What one version has written, every later version reads: see Golden/README.md.</summary>
public sealed class GoldenKeyFileTests : IDisposable
{
    private readonly KeyDirectory _directory = new();

    public static TheoryData<string, string> All => new(
        from version in GoldenKeyFiles.Versions
        from file in GoldenKeyFiles.OfVersion(version)
        select (version, file.Name));

    public static TheoryData<string, string> Newest => new(
        from file in GoldenKeyFiles.OfVersion(GoldenKeyFiles.Versions.Last())
        select (file.Version, file.Name));

    [Theory]
    [MemberData(nameof(All))]
    public void A_key_file_of_an_earlier_version_opens(string version, string name)
    {
        GoldenKeyFiles golden = Find(version, name);
        using DpopKey key = golden.Place(_directory).Open();
        Assert.Equal((golden.Algorithm, golden.Thumbprint), (key.Algorithm, key.Thumbprint));
        Proofs.AssertWork(key);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_key_that_an_earlier_version_retired_is_found(string version, string name)
    {
        GoldenKeyFiles golden = Find(version, name);
        DpopKeyFile file = golden.Place(_directory);
        using DpopKey? key = file.Find(golden.Retired);
        Assert.Equal((golden.Algorithm, golden.Retired), (key?.Algorithm, key?.Thumbprint));
        Proofs.AssertWork(key!);
        Assert.True(file.Forget(golden.Retired));
        Assert.Equal([name, $"{name}.lock"], _directory.Names);
    }

    /// <summary>An earlier version that runs beside this one, or after it, reads what this one writes.</summary>
    [Theory]
    [MemberData(nameof(Newest))]
    public void A_key_of_the_newest_version_is_written_again_as_it_was(string version, string name)
    {
        GoldenKeyFiles golden = Find(version, name);
        DpopKeyFile file = golden.Place(_directory);
        using DpopKey next = file.Rotate();
        string written = Encoding.UTF8.GetString(File.ReadAllBytes(_directory[$"{name}.{golden.Thumbprint}.retired"]));
        Assert.Equal(Shape(Encoding.UTF8.GetString(golden.Content(name))), Shape(written));
    }

    [Fact]
    public void There_is_a_file_for_each_form_and_kind_of_key()
    {
        foreach (string version in GoldenKeyFiles.Versions)
        {
            string[] names = [.. GoldenKeyFiles.OfVersion(version).Select(file => file.Name)];
            Assert.Equal(6, names.Distinct().Count());
        }
    }

    [Fact(Explicit = true)]
    public void Write_the_files_of_a_new_version() =>
        GoldenKeyFiles.Write(Environment.GetEnvironmentVariable("DPOP_GOLDEN_VERSION") ?? throw new InvalidOperationException("Set DPOP_GOLDEN_VERSION, such as v2."));

    public void Dispose() => _directory.Dispose();

    private static GoldenKeyFiles Find(string version, string name) => GoldenKeyFiles.OfVersion(version).Single(file => file.Name == name);

    /// <summary>The text, in which the random parts of an encrypted key give way to their length.</summary>
    private static string Shape(string text)
    {
        PemFields fields = PemEncoding.TryFind(text, out PemFields found) ? found : default;
        if (text.Length == 0 || !text[fields.Label].Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            return text;
        }

        (int at, int length) = fields.Base64Data.GetOffsetAndLength(text.Length);
        StringBuilder shape = new();
        Describe(new AsnReader(Convert.FromBase64String(text[fields.Base64Data]), AsnEncodingRules.DER), shape);
        return text[..at] + shape + text[(at + length)..];
    }

    private static void Describe(AsnReader reader, StringBuilder shape)
    {
        while (reader.HasData)
        {
            Asn1Tag tag = reader.PeekTag();
            if (tag == Asn1Tag.Sequence)
            {
                shape.Append('(');
                Describe(reader.ReadSequence(), shape);
                shape.Append(')');
            }
            else if (tag == Asn1Tag.PrimitiveOctetString)
            {
                // The encrypted key's own length differs by a block, depending on leading zeros of its numbers.
                int length = reader.ReadOctetString().Length;
                shape.Append(length <= 32 ? $"[{length}]" : "[key]");
            }
            else
            {
                shape.Append(Convert.ToHexString(reader.ReadEncodedValue().Span)).Append(' ');
            }
        }
    }
}
