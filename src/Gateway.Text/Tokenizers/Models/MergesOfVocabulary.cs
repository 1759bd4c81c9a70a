namespace Gateway.Text.Tokenizers.Models;

/// <summary>
/// The merges of a file that has none: any two tokens that are a third one together merge into it. In which order, the third one tells.
/// </summary>
internal static class MergesOfVocabulary
{
    /// <summary>Collects the merges.</summary>
    /// <param name="vocabulary">The tokens.</param>
    /// <param name="order">The ids of the tokens that come of merges, those first that merge first.</param>
    /// <param name="sharesRank">
    /// Whether all ways to a token are equal, as in tiktoken; else those whose parts have lower ids go first, as in what tokenizers.json files
    /// are made with.
    /// </param>
    public static MergeTable Collect(Vocabulary vocabulary, IEnumerable<int> order, bool sharesRank)
    {
        var merges = new MergeTable.Builder();
        var ways = new List<(int Left, int Right)>();
        var rank = 0;
        foreach (var id in order)
        {
            if (!vocabulary.TryGetBytes(id, out var token))
                continue;
            ways.Clear();
            for (var cut = 1; cut < token.Length; cut++)
            {
                var (left, right) = (vocabulary.IdOf(token[..cut]), vocabulary.IdOf(token[cut..]));
                if (left >= 0 && right >= 0)
                    ways.Add((left, right));
            }
            if (!sharesRank)
                ways.Sort();
            foreach (var (left, right) in ways)
                merges.Add(left, right, sharesRank ? rank : rank++, id);
            if (sharesRank)
                rank++;
        }
        return merges.Build();
    }
}
