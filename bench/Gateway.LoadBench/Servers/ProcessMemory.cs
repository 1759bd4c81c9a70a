using System.Globalization;

namespace Gateway.LoadBench.Servers;

/// <summary>Memory as the kernel counts it, from <c>/proc</c>.</summary>
internal static class ProcessMemory
{
    public static long Resident(int processId)
    {
        const string Field = "VmRSS:";
        var line = File.ReadLines($"/proc/{processId}/status").First(static line => line.StartsWith(Field, StringComparison.Ordinal));
        return 1024 * long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.Integer, CultureInfo.InvariantCulture);
    }
}
