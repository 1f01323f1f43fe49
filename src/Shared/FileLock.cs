using System.Diagnostics;

namespace DpopHttp.Shared;

/// <summary>A lock between processes. The system lets go of it when its holder ends, however it ends.</summary>
internal static class FileLock
{
    /// <summary>Much longer than its holders need, which write a few hundred bytes.</summary>
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the lock. The file stays behind: to delete it would let two hold it.</summary>
    /// <exception cref="TimeoutException">Another process holds it for too long.</exception>
    public static FileStream Take(string path)
    {
        long began = Stopwatch.GetTimestamp();
        FileStream? taken;
        while ((taken = TryTake(path)) is null)
        {
            if (Stopwatch.GetElapsedTime(began) > MaximumWait)
            {
                throw new TimeoutException($"Another process has held the lock {path} for {MaximumWait.TotalSeconds:0} seconds.");
            }

            Thread.Sleep(TimeSpan.FromMilliseconds(5));
        }

        return taken;
    }

    /// <summary>The lock, or null while somebody else holds it.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, OwnerOnlyFile.CreateOptions(FileMode.OpenOrCreate));
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    /// <summary>ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK on Linux and macOS.</summary>
    private static bool IsHeld(IOException exception) => exception.HResult is unchecked((int)0x80070020) or 11 or 35;
}
