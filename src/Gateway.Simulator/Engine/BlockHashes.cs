namespace Gateway.Simulator.Engine;

/// <summary>
/// Names KV blocks: the hash of a block covers all tokens up to its end, so equal hashes mean equal prefixes.
/// </summary>
internal static class BlockHashes
{
    // 2^64 divided by the golden ratio, the usual multiplier of Fibonacci hashing.
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    /// <summary>One hash for each block that the two parts fill completely.</summary>
    public static ulong[] Of(ReadOnlySpan<int> prompt, ReadOnlySpan<int> answer, int blockTokens)
    {
        var hashes = new ulong[(prompt.Length + answer.Length) / blockTokens];
        var hash = Multiplier;
        for (var i = 0; i < hashes.Length * blockTokens; i++)
        {
            var token = i < prompt.Length ? prompt[i] : answer[i - prompt.Length];
            hash = Extend(hash, token);
            if ((i + 1) % blockTokens == 0)
                hashes[i / blockTokens] = hash;
        }

        return hashes;
    }

    /// <summary>Hash of a sequence of tokens, as the seed of what is generated from it.</summary>
    public static ulong OfAll(ReadOnlySpan<int> tokens, int seed)
    {
        var hash = Extend(Multiplier, seed);
        foreach (var token in tokens)
            hash = Extend(hash, token);
        return hash;
    }

    private static ulong Extend(ulong hash, int token)
    {
        hash = (hash ^ (uint)token) * Multiplier;
        return hash ^ (hash >> 29);
    }
}
