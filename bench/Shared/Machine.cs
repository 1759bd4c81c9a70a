using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Gateway.Bench;

/// <summary>What the figures were taken on. Absolute values mean nothing without it.</summary>
internal static class Machine
{
    public static string Line() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor()}, {Environment.ProcessorCount} cores seen, load {Load()} at the start, {RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");

    /// <summary>Whether more wanted to run than there are cores, before anything was started.</summary>
    public static bool IsBusy() => double.TryParse(Load(), CultureInfo.InvariantCulture, out var load) && load > Environment.ProcessorCount;

    private static string Processor() =>
        File.Exists("/proc/cpuinfo")
            && File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();

    private static string Load() =>
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
