using System.Runtime.InteropServices;

namespace DpopHttp.Tests.Keys.Fuzzing;

/// <summary>How much a faulty input may cost: a second of the processor, which a busy machine does not change, and 64 MB.</summary>
internal sealed class Bounds
{
    private const long MaximumBytes = 64 * 1024 * 1024;
    private const int LinuxThreadClock = 3;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The number of inputs; the environment variable DPOP_FUZZ_ROUNDS gives another one.</summary>
    public static int Rounds { get; } = int.TryParse(Environment.GetEnvironmentVariable("DPOP_FUZZ_ROUNDS"), out int rounds) ? rounds : 2_000;

    public long MostBytes { get; private set; }

    public TimeSpan MostTime { get; private set; }

    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Uses an input once. Only the documented exception may come out.</summary>
    public void Run<TException>(int round, Action use, bool isSlowOnPurpose = false)
        where TException : Exception
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan time = ThreadTime();
        try
        {
            use();
            Accepted++;
        }
        catch (TException)
        {
            Refused++;
        }
        catch (Exception exception)
        {
            Assert.Fail($"Round {round}: {exception}");
        }

        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        time = ThreadTime() - time;
        (MostBytes, MostTime) = (Math.Max(MostBytes, bytes), isSlowOnPurpose || time < MostTime ? MostTime : time);
        Assert.True(bytes <= MaximumBytes, $"Round {round} allocated {bytes} bytes.");
        Assert.True(isSlowOnPurpose || time <= TimeSpan.FromSeconds(1), $"Round {round} took {time}.");
    }

    public override string ToString() => $"{Accepted} accepted, {Refused} refused; at most {MostTime.TotalMilliseconds:0} ms and {MostBytes / 1024} KB each.";

    /// <summary>Nothing where it can't be told.</summary>
    private static TimeSpan ThreadTime()
    {
        long[] time = new long[2];
        return OperatingSystem.IsLinux() && GetTime(LinuxThreadClock, time) == 0
            ? TimeSpan.FromTicks(((time[0] * NanosecondsPerSecond) + time[1]) / TimeSpan.NanosecondsPerTick)
            : TimeSpan.Zero;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, [Out] long[] time);
}
