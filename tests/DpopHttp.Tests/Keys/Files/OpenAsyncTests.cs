using DpopHttp.Shared;

namespace DpopHttp.Tests.Keys.Files;

public sealed class OpenAsyncTests : IDisposable
{
    private readonly KeyDirectory _directory = new();

    public static TheoryData<KeyForm> Forms => [.. Enum.GetValues<KeyForm>()];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task OpenAsync_AMissingFile_MakesAKeyThatTheNextOpenFinds(KeyForm form)
    {
        using DpopKey made = await form.File(_directory.Key, "PS256").OpenAsync();
        using DpopKey opened = form.File(_directory.Key).Open();
        using DpopKey again = await form.File(_directory.Key).OpenAsync();
        Assert.Equal((made.Thumbprint, made.Thumbprint, "PS256"), (opened.Thumbprint, again.Thumbprint, again.Algorithm));
        Assert.Equal(["key", "key.lock"], _directory.Names);
    }

    [Fact]
    public async Task OpenAsync_ManyTimesAtOnce_EndsWithOneKey()
    {
        DpopKey[] keys = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => i % 2 == 0
            ? new DpopKeyFile(_directory.Key).OpenAsync()
            : Task.Run(new DpopKeyFile(_directory.Key).Open)));
        Assert.Single(keys.Select(key => key.Thumbprint).Distinct());
        Assert.All(keys, key => key.Dispose());
    }

    [Fact]
    public async Task OpenAsync_ADamagedFile_IsRefused()
    {
        _directory.Place("key", "{}"u8);
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => new DpopKeyFile(_directory.Key).OpenAsync());
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.Equal("{}"u8, File.ReadAllBytes(_directory.Key));
    }

    [Fact]
    public async Task OpenAsync_WhileAnotherHoldsTheLock_WaitsUntilItIsCancelled()
    {
        await using (FileStream held = new FileLock(_directory.Key + ".lock", "test", TimeSpan.Zero).Take())
        {
            using CancellationTokenSource cancellation = new();
            Task<DpopKey> opening = new DpopKeyFile(_directory.Key).OpenAsync(cancellation.Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        }

        Assert.Equal(["key.lock"], _directory.Names);
        using DpopKey key = await new DpopKeyFile(_directory.Key).OpenAsync(CancellationToken.None);
    }

    public void Dispose() => _directory.Dispose();
}
