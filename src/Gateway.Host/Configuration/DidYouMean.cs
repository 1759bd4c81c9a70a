namespace Gateway.Host.Configuration;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
internal static class DidYouMean
{
    /// <summary>More typing errors than this, or than a third of the word, and it was another word.</summary>
    private const int MostErrors = 4;

    /// <summary>A hint to put behind an error message, empty if nothing comes close.</summary>
    public static string Hint(string typed, IEnumerable<string> known)
    {
        var best = known
            .Select(name => (Name: name, Errors: Distance(typed, name)))
            .MinBy(static candidate => candidate.Errors);
        // The word itself is no suggestion: it stands in the wrong place.
        return best.Errors > 0 && best.Errors <= Math.Min(MostErrors, Math.Max(1, typed.Length / 3))
            ? $"; did you mean {best.Name}?"
            : "";
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that make one word of the other.</summary>
    private static int Distance(string from, string to)
    {
        var previous = new int[to.Length + 1];
        var current = new int[to.Length + 1];
        var beforePrevious = new int[to.Length + 1];
        for (var j = 0; j <= to.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    current[j] = Math.Min(current[j], beforePrevious[j - 2] + 1);
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[to.Length];
    }
}
