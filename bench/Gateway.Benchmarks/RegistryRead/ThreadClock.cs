using System.Runtime.InteropServices;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>CPU time of the calling thread: what it would have taken had nobody else wanted the core.</summary>
internal static class ThreadClock
{
    private const int ClockThreadCpuTime = 3;

    public static long Nanoseconds()
    {
        if (GetTime(ClockThreadCpuTime, out var time) != 0)
            throw new PlatformNotSupportedException("There is no clock of a thread's CPU time.");
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
