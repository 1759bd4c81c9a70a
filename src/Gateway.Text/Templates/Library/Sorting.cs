using Gateway.Text.Templates.Nodes;

namespace Gateway.Text.Templates.Library;

internal static class Sorting
{
    /// <summary>
    /// A stable merge sort, which .NET's own is not: Python's order of equals is part of the output. What cannot be compared throws out of
    /// it, unwrapped. Sorts in place.
    /// </summary>
    public static T[] Sort<T>(RenderContext context, T[] items, Func<T, T, int> compare)
    {
        if (items.Length > 1)
            Sort(context, items.AsSpan(), new T[items.Length], compare);
        return items;
    }

    private static void Sort<T>(RenderContext context, Span<T> items, Span<T> spare, Func<T, T, int> compare)
    {
        if (items.Length < 2)
            return;
        var middle = items.Length / 2;
        Sort(context, items[..middle], spare[..middle], compare);
        Sort(context, items[middle..], spare[middle..], compare);
        context.Steps(items.Length);
        items.CopyTo(spare);
        var (left, right) = (0, middle);
        for (var at = 0; at < items.Length; at++)
        {
            items[at] = right >= items.Length || (left < middle && compare(spare[right], spare[left]) != -1)
                ? spare[left++]
                : spare[right++];
        }
    }
}
