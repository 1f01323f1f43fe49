using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DpopHttp.Shared;

/// <summary>A lock between processes. The system lets go of it when its holder ends, however it ends.</summary>
/// <param name="path">The lock's file. It stays behind: to delete it would let two hold it.</param>
/// <param name="purpose">What the lock is taken for, as the end of "It is needed to".</param>
/// <param name="maximumWait">How long to wait for another process.</param>
internal sealed class FileLock(string path, string purpose, TimeSpan maximumWait)
{
    /// <summary>Long for its holders, which write a few hundred bytes or wait for one answer.</summary>
    public static readonly TimeSpan DefaultMaximumWait = TimeSpan.FromSeconds(30);

    /// <summary>How often another process's hold is looked at again.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for the lock, and holds it until the result is disposed.</summary>
    /// <exception cref="TimeoutException">Another process holds it for too long.</exception>
    /// <exception cref="RefusedFileException">The file is a link, isn't a regular file, or belongs to somebody else.</exception>
    public FileStream Take()
    {
        long began = Stopwatch.GetTimestamp();
        FileStream? taken;
        while ((taken = TryTake()) is null)
        {
            ThrowIfTooLong(began);
            Thread.Sleep(Interval);
        }

        return taken;
    }

    /// <summary>As <see cref="Take"/>, without keeping a thread.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public async ValueTask<FileStream> TakeAsync(CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        cancellationToken.ThrowIfCancellationRequested();
        FileStream? taken;
        while ((taken = TryTake()) is null)
        {
            ThrowIfTooLong(began);
            await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
        }

        return taken;
    }

    private void ThrowIfTooLong(long began)
    {
        if (Stopwatch.GetElapsedTime(began) > maximumWait)
        {
            throw new TimeoutException(
                $"Another process, or another part of this one, has held the lock {path} for {maximumWait.TotalSeconds:0.###} seconds. "
                + $"It is needed to {purpose}. Find out what holds it, and end that.");
        }
    }

    /// <summary>The lock, or null while somebody else holds it.</summary>
    private FileStream? TryTake()
    {
        try
        {
            return UnixFile.IsSupported ? TryTakeOnUnix() : new FileStream(path, OwnerOnlyFile.CreateOptions(FileMode.OpenOrCreate));
        }
        catch (IOException exception) when (IsHeld(exception.HResult))
        {
            return null;
        }
    }

    /// <summary>To create a file that isn't there follows no link, and neither does opening one that is.</summary>
    private FileStream? TryTakeOnUnix()
    {
        if (UnixFile.TryOpen(path, UnixFile.ReadWrite) is not { } handle)
        {
            try
            {
                return new FileStream(path, OwnerOnlyFile.CreateOptions(FileMode.CreateNew));
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process was first.
                return null;
            }
        }

        try
        {
            SecretFileRules.RequireOwn(handle);
            return UnixCalls.Lock(handle, UnixCalls.LockExclusive | UnixCalls.LockWithoutWaiting) == 0 || !IsHeld(Marshal.GetLastPInvokeError())
                ? Hold(ref handle)
                : null;
        }
        finally
        {
            handle?.Dispose();
        }
    }

    /// <summary>A file system that has no locks refuses in other ways: then there is nothing to wait for.</summary>
    private static bool IsHeld(int error) => error is unchecked((int)0x80070020) or 11 or 35;

    private static FileStream Hold(ref SafeFileHandle? handle)
    {
        FileStream stream = new(handle!, FileAccess.ReadWrite, bufferSize: 0);
        handle = null;
        return stream;
    }
}
