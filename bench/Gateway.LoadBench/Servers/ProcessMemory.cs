using System.Globalization;

namespace Gateway.LoadBench.Servers;

/// <summary>Memory as the kernel counts it, from <c>/proc</c>.</summary>
internal static class ProcessMemory
{
    /// <summary>Of several processes. What they share counts for each of them.</summary>
    public static long Resident(IEnumerable<int> processIds) => processIds.Sum(Resident);

    private static long Resident(int processId)
    {
        const string Field = "VmRSS:";
        var line = File.ReadLines($"/proc/{processId}/status").First(static line => line.StartsWith(Field, StringComparison.Ordinal));
        return 1024 * long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.Integer, CultureInfo.InvariantCulture);
    }
}
