namespace DpopHttp.Tests.Keys.Files;

public sealed class RotateTests : IDisposable
{
    private readonly KeyDirectory _directory = new();

    public static TheoryData<KeyForm> Forms => [.. Enum.GetValues<KeyForm>()];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Rotate_EachForm_MakesAnotherKeyAndKeepsTheOldOneUntilForget(KeyForm form)
    {
        DpopKeyFile file = form.File(_directory.Key);
        using DpopKey old = file.Open();
        using DpopKey next = file.Rotate();
        Assert.NotEqual(old.Thumbprint, next.Thumbprint);
        using DpopKey opened = file.Open();
        using DpopKey? current = file.Find(next.Thumbprint);
        using DpopKey? retired = file.Find(old.Thumbprint);
        Assert.Equal((next.Thumbprint, next.Thumbprint, old.Thumbprint), (opened.Thumbprint, current?.Thumbprint, retired?.Thumbprint));
        Proofs.AssertWork(retired!);
        Assert.Equal(["key", $"key.{old.Thumbprint}.retired", "key.lock"], _directory.Names.Order(StringComparer.Ordinal).OrderBy(n => n == "key.lock"));

        Assert.True(file.Forget(old.Thumbprint));
        Assert.Null(file.Find(old.Thumbprint));
        Assert.False(file.Forget(old.Thumbprint));
        Assert.Equal(["key", "key.lock"], _directory.Names);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Rotate_WithAnotherAlgorithm_MakesAKeyOfIt(KeyForm form)
    {
        using DpopKey old = form.File(_directory.Key, "PS384").Open();
        DpopKeyFile file = form.File(_directory.Key, "ES512");
        using DpopKey next = file.Rotate();
        using DpopKey? retired = file.Find(old.Thumbprint);
        Assert.Equal(("ES512", "PS384"), (next.Algorithm, retired?.Algorithm));
    }

    [Fact]
    public void Rotate_WithoutAlgorithm_KeepsTheOldOne()
    {
        using DpopKey old = new DpopKeyFile(_directory.Key) { Algorithm = "RS512" }.Open();
        using DpopKey next = new DpopKeyFile(_directory.Key).Rotate();
        Assert.Equal("RS512", next.Algorithm);
    }

    [Fact]
    public void Rotate_AMissingFile_MakesIt()
    {
        using DpopKey made = new DpopKeyFile(_directory.Key).Rotate();
        using DpopKey opened = new DpopKeyFile(_directory.Key).Open();
        Assert.Equal(made.Thumbprint, opened.Thumbprint);
        Assert.Equal(["key", "key.lock"], _directory.Names);
    }

    [Fact]
    public void Rotate_ManyTimesAtOnce_LosesNoKey()
    {
        DpopKeyFile file = new(_directory.Key);
        string[] thumbprints = new string[40];
        Parallel.For(0, thumbprints.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using DpopKey key = file.Rotate();
            thumbprints[i] = key.Thumbprint;
        });
        Assert.All(thumbprints, thumbprint =>
        {
            using DpopKey? key = file.Find(thumbprint);
            Assert.Equal(thumbprint, key?.Thumbprint);
        });
    }

    [Fact]
    public void Rotate_ADamagedFile_LeavesItAlone()
    {
        _directory.Place("key", "{}"u8);
        Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Rotate());
    }

    [Fact]
    public void Forget_TheFilesOwnKey_DoesNot()
    {
        DpopKeyFile file = new(_directory.Key);
        using DpopKey key = file.Open();
        Assert.False(file.Forget(key.Thumbprint));
        using DpopKey? found = file.Find(key.Thumbprint);
        Assert.NotNull(found);
    }

    [Fact]
    public void Find_WhereNothingIs_IsNullAndMakesNothing()
    {
        using DpopKey other = DpopKey.Generate();
        Assert.Null(new DpopKeyFile(_directory.Key).Find(other.Thumbprint));
        Assert.Empty(_directory.Names);
    }

    [Theory]
    [InlineData("")]
    [InlineData("key")]
    [InlineData("../../etc/passwd")]
    [InlineData("../../../../../../../../../../../etc/passwd")]
    [InlineData("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4")]
    [InlineData("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I=")]
    [InlineData("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I ")]
    [InlineData("0ZcOCORZNYy/DWpqq30jZyJGHTN0d2HglBV3uiguA4I")]
    [InlineData("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4\0")]
    public void FindAndForget_NoThumbprint_Throw(string text)
    {
        DpopKeyFile file = new(_directory.Key);
        Assert.Throws<ArgumentException>("thumbprint", () => file.Find(text));
        Assert.Throws<ArgumentException>("thumbprint", () => file.Forget(text));
        Assert.Empty(_directory.Names);
    }

    public void Dispose() => _directory.Dispose();
}
