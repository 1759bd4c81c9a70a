using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Gateway.LoadBench.Servers;

/// <summary>
/// CPU time as the kernel counts it. It has a clock for each process that runs by the nanosecond, where <c>/proc</c> shows hundredths of a
/// second: too coarse for what a few hundred requests cost.
/// </summary>
internal static class ProcessCpu
{
    /// <summary>Which of a process's clocks: that of the scheduler, user and system time together.</summary>
    private const int SchedulerClock = 2;

    /// <summary>Of a process and the processes it has started that still run.</summary>
    public static TimeSpan OfTree(int processId) => ProcessTree.Of(processId).Aggregate(TimeSpan.Zero, static (sum, id) => sum + Of(id));

    private static TimeSpan Of(int processId)
    {
        // Linux makes a clock's number of a process's so.
        if (ReadClock((~processId << 3) | SchedulerClock, out var time) != 0)
            throw new Win32Exception();
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [DllImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ReadClock(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly long Seconds;
        public readonly long Nanoseconds;
    }
}
