using System.Text;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>Files that are not, or no longer, what they should be: never taken for a missing one.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly KeyDirectory _directory = new();

    public static TheoryData<KeyForm> Forms => [.. Enum.GetValues<KeyForm>()];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Open_EveryTruncation_IsRefusedAndLeftAlone(KeyForm form)
    {
        using DpopKey key = form.File(_directory.Key).Open();
        byte[] whole = File.ReadAllBytes(_directory.Key);
        string text = Encoding.UTF8.GetString(whole);
        int end = text.TrimEnd().Length;

        // Opening one under a passphrase takes 0.2 s where the text is whole up to its end line, and no time elsewhere.
        for (int length = 0; length < end; length++)
        {
            _directory.Place("key", whole.AsSpan(0, length));
            DpopException exception = Refusals.AssertLeftAlone(_directory, () => form.File(_directory.Key).Open(), KeyForms.Passphrase);
            Assert.True(length > 0 || exception.Message.Contains("The file is empty.", StringComparison.Ordinal), exception.Message);
            Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open());
        }

        _directory.Place("key", whole.AsSpan(0, end));
        using DpopKey withoutItsLastNewLine = form.File(_directory.Key).Open();
        Assert.Equal(key.Thumbprint, withoutItsLastNewLine.Thumbprint);
    }

    [Fact]
    public void Open_EveryTruncationOfAPem_IsRefusedAndLeftAlone()
    {
        using System.Security.Cryptography.ECDsa key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        byte[] whole = Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
        for (int length = 0; length < whole.Length; length++)
        {
            _directory.Place("key", whole.AsSpan(0, length));
            Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open());
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Open_RandomBytes_AreRefusedAndLeftAlone(KeyForm form)
    {
        Random random = new(7);
        for (int i = 0; i < 200; i++)
        {
            byte[] content = new byte[random.Next(1, 400)];
            random.NextBytes(content);
            _directory.Place("key", content);
            Refusals.AssertLeftAlone(_directory, () => form.File(_directory.Key).Open());
        }
    }

    [Theory]
    [InlineData(KeyForm.Jwk)]
    [InlineData(KeyForm.Protection)]
    public void Open_OneCharacterChanged_IsRefusedOrTheSameKey(KeyForm form)
    {
        using DpopKey key = form.File(_directory.Key).Open();
        byte[] whole = File.ReadAllBytes(_directory.Key);
        for (int i = 0; i < whole.Length - 1; i++)
        {
            byte[] changed = [.. whole];
            changed[i] = (byte)'A';
            _directory.Place("key", changed);
            try
            {
                using DpopKey opened = form.File(_directory.Key).Open();
                Assert.Equal(key.Thumbprint, opened.Thumbprint);
            }
            catch (DpopException exception)
            {
                Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
            }

            Assert.Equal(changed, File.ReadAllBytes(_directory.Key));
        }
    }

    [Theory]
    [InlineData("Algorithm: ES256")]
    [InlineData("Algorithm: ES256\n")]
    [InlineData("Algorithm: none\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("{\"kty\":\"EC\"")]
    [InlineData("[]")]
    [InlineData("\uFEFF")]
    public void Open_OtherText_IsRefusedAndLeftAlone(string text)
    {
        _directory.Place("key", Encoding.UTF8.GetBytes(text));
        Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open());
    }

    [Fact]
    public void Open_APublicJwk_IsRefusedAndSaysWhatIsMissing()
    {
        using DpopKey key = DpopKey.Generate();
        _directory.Place("key", Encoding.UTF8.GetBytes(key.PublicJwk));
        Assert.Contains("the private key is needed", Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64 * 1024 + 1)]
    [InlineData(1024 * 1024)]
    public void Open_AFileOfMoreThan64KB_IsRefused(int size)
    {
        _directory.Place("key", new byte[size]);
        Assert.Contains($"{size} bytes", Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Open_AByteOrderMarkBeforeTheKeyAndCarriageReturnsInIt_OpensIt(KeyForm form)
    {
        using DpopKey key = form.File(_directory.Key, "PS384").Open();
        string content = File.ReadAllText(_directory.Key).ReplaceLineEndings("\r\n");
        _directory.Place("key", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(content)]);
        using DpopKey opened = form.File(_directory.Key).Open();
        Assert.Equal((key.Algorithm, key.Thumbprint), (opened.Algorithm, opened.Thumbprint));
    }

    [Fact]
    public void Open_AKeyAndSpaceUpTo64KB_OpensIt()
    {
        using DpopKey key = DpopKey.Generate();
        _directory.Place("key", Encoding.UTF8.GetBytes(key.ExportPrivateJwk().PadRight(64 * 1024)));
        using DpopKey opened = new DpopKeyFile(_directory.Key).Open();
        Assert.Equal(key.Thumbprint, opened.Thumbprint);
    }

    public void Dispose() => _directory.Dispose();
}
