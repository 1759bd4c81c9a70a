using System.Globalization;

namespace Gateway.LoadBench.Servers;

/// <summary>CPU time as the kernel counts it, from <c>/proc</c>.</summary>
internal static class ProcessCpu
{
    /// <summary>Linux shows these times in hundredths of a second on every architecture.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Of a process and the processes it has started that still run.</summary>
    public static TimeSpan OfTree(int processId)
    {
        var ticks = Ticks(processId);
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{processId}/task"))
        {
            foreach (var child in File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                ticks += Ticks(int.Parse(child, CultureInfo.InvariantCulture));
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static double Ticks(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        // The name, in parentheses, may contain spaces; the times are the 14th and 15th field.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
    }
}
