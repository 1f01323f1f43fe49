using System.Security.Cryptography;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>A good file, and settings that are not for it.</summary>
public sealed class MismatchTests : IDisposable
{
    private readonly KeyDirectory _directory = new();

    public static TheoryData<KeyForm> Forms => [.. Enum.GetValues<KeyForm>()];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Open_AnotherAlgorithm_IsRefusedAndNamesBoth(KeyForm form)
    {
        using DpopKey key = form.File(_directory.Key, "ES384").Open();
        DpopException exception = Refuse(form.File(_directory.Key, "PS256"));
        Assert.Contains("ES384", exception.Message, StringComparison.Ordinal);
        Assert.Contains("PS256", exception.Message, StringComparison.Ordinal);
        Assert.Contains("with these settings", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("move it away", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_AWrongPassphrase_IsRefusedAndShowsNeither()
    {
        using DpopKey key = KeyForm.Passphrase.File(_directory.Key).Open();
        DpopKeyFile file = new(_directory.Key) { Protection = DpopKeyProtection.FromPassphrase("another secret") };
        Assert.Contains("cannot be opened with this passphrase", Refuse(file, "another secret").Message, StringComparison.Ordinal);
        Refusals.AssertLeftAlone(_directory, () => file.Rotate(), "another secret");
    }

    [Theory]
    [InlineData(KeyForm.Passphrase, KeyForm.Jwk, "is encrypted with a passphrase", "neither passphrase nor protection")]
    [InlineData(KeyForm.Passphrase, KeyForm.Protection, "is encrypted with a passphrase", "other protection")]
    [InlineData(KeyForm.Protection, KeyForm.Jwk, "has protection", "neither passphrase nor protection")]
    [InlineData(KeyForm.Protection, KeyForm.Passphrase, "has protection", "a passphrase is set")]
    [InlineData(KeyForm.Jwk, KeyForm.Passphrase, "is not encrypted", "a passphrase is set")]
    [InlineData(KeyForm.Jwk, KeyForm.Protection, "is not encrypted", "other protection")]
    public void Open_AnotherForm_IsRefusedAndNamesBoth(KeyForm written, KeyForm asked, string found, string set)
    {
        using DpopKey key = written.File(_directory.Key).Open();
        DpopException exception = Refuse(asked.File(_directory.Key));
        Assert.Contains(found, exception.Message, StringComparison.Ordinal);
        Assert.Contains(set, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ProtectionByOtherKeys_IsRefused()
    {
        using DpopKey key = KeyForm.Protection.File(_directory.Key).Open();
        var other = KeyForms.CreateProtector("keys");
        DpopException exception = Refuse(new DpopKeyFile(_directory.Key) { Protection = new DpopKeyProtection(other.Protect, other.Unprotect) });
        Assert.Contains("protection failed", exception.Message, StringComparison.Ordinal);
        Assert.IsType<CryptographicException>(exception.InnerException);
    }

    [Fact]
    public void Open_ProtectionThatThrows_IsRefusedWithItsReasonInside()
    {
        DpopKeyProtection broken = new(_ => throw new NotSupportedException("the vault is closed"), _ => throw new NotSupportedException("the vault is closed"));
        DpopException making = Refuse(new DpopKeyFile(_directory.Key) { Protection = broken });
        Assert.Contains("the vault is closed", making.Message, StringComparison.Ordinal);
        using DpopKey key = KeyForm.Protection.File(_directory.Key).Open();
        Refuse(new DpopKeyFile(_directory.Key) { Protection = broken });
        DpopKeyProtection halfBroken = new(_ => throw new NotSupportedException("the vault is closed"), bytes => KeyForms.Unprotect(bytes));
        Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key) { Protection = halfBroken }.Rotate());
    }

    [Fact]
    public void Open_ProtectionThatEncryptsInPlace_OpensAgain()
    {
        DpopKeyProtection inPlace = new(Flip, Flip);
        using DpopKey made = new DpopKeyFile(_directory.Key) { Protection = inPlace }.Open();
        using DpopKey opened = new DpopKeyFile(_directory.Key) { Protection = inPlace }.Open();
        Assert.Equal(made.Thumbprint, opened.Thumbprint);

        static byte[] Flip(byte[] bytes)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] ^= 0x5A;
            }

            return bytes;
        }
    }

    [Fact]
    public void Open_ProtectionThatReturnsNothing_IsRefused()
    {
        Refuse(new DpopKeyFile(_directory.Key) { Protection = new DpopKeyProtection(_ => null!, _ => null!) });
        using DpopKey key = KeyForm.Protection.File(_directory.Key).Open();
        Refuse(new DpopKeyFile(_directory.Key) { Protection = new DpopKeyProtection(_ => null!, _ => null!) });
    }

    public void Dispose() => _directory.Dispose();

    private DpopException Refuse(DpopKeyFile file, params string[] secrets) =>
        Refusals.AssertLeftAlone(_directory, () => file.Open(), [KeyForms.Passphrase, .. secrets]);
}
