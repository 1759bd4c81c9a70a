using System.Globalization;

namespace Gateway.LoadBench.Servers;

/// <summary>A process and those that it has started and that still run, from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    public static IReadOnlyList<int> Of(int processId)
    {
        List<int> all = [processId];
        for (var i = 0; i < all.Count; i++)
        {
            foreach (var thread in Directory.EnumerateDirectories($"/proc/{all[i]}/task"))
                all.AddRange(ChildrenOf(thread));
        }

        return all;
    }

    private static IEnumerable<int> ChildrenOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(static child => int.Parse(child, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // The thread has ended meanwhile.
            return [];
        }
    }
}
