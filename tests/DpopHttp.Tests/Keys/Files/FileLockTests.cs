using DpopHttp.Shared;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>Nothing waits for a lock without bound, or without saying for what.</summary>
public sealed class FileLockTests : IDisposable
{
    private readonly KeyDirectory _directory = new();

    [Fact]
    public void Take_AHeldLock_EndsAfterItsTimeAndSaysWhatItWasFor()
    {
        using FileStream held = LockFor(TimeSpan.Zero).Take();
        TimeoutException exception = Assert.Throws<TimeoutException>(() => LockFor(TimeSpan.FromMilliseconds(30)).Take());
        Assert.Contains($"has held the lock {_directory["lock"]} for 0.03 seconds. It is needed to test locks.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeAsync_AHeldLock_EndsAfterItsTime()
    {
        await using FileStream held = LockFor(TimeSpan.Zero).Take();
        await Assert.ThrowsAsync<TimeoutException>(() => LockFor(TimeSpan.FromMilliseconds(30)).TakeAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task TakeAsync_Cancelled_EndsTheWait()
    {
        await using FileStream held = LockFor(TimeSpan.Zero).Take();
        using CancellationTokenSource cancellation = new();
        Task<FileStream> taking = LockFor(TimeSpan.FromHours(1)).TakeAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }

    [Fact]
    public async Task A_released_lock_is_taken_by_the_one_that_waits()
    {
        FileStream held = LockFor(TimeSpan.Zero).Take();
        Task<FileStream> taking = LockFor(TimeSpan.FromHours(1)).TakeAsync(CancellationToken.None).AsTask();
        Assert.False(taking.IsCompleted);
        await held.DisposeAsync();
        await using FileStream taken = await taking;
        Assert.Throws<TimeoutException>(() => LockFor(TimeSpan.Zero).Take());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_file_that_is_open_for_one_alone_is_held(bool isThere)
    {
        if (isThere)
        {
            LockFor(TimeSpan.Zero).Take().Dispose();
        }

        // As the framework locks files by itself.
        using (FileStream held = new(_directory["lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Throws<TimeoutException>(() => LockFor(TimeSpan.Zero).Take());
        }

        using FileStream taken = LockFor(TimeSpan.Zero).Take();
        Assert.Throws<IOException>(() => new FileStream(_directory["lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
    }

    [Fact]
    public void The_locks_of_keys_wait_for_half_a_minute() => Assert.Equal(TimeSpan.FromSeconds(30), FileLock.DefaultMaximumWait);

    public void Dispose() => _directory.Dispose();

    private FileLock LockFor(TimeSpan maximumWait) => new(_directory["lock"], "test locks", maximumWait);
}
