namespace Gateway.Simulator.Engine;

/// <summary>
/// The words of the simulated engine: an opening that says what it is, then words without meaning, the same for the same seed.
/// </summary>
internal static class FillerText
{
    public const string Opening = "[simulated engine, no model] ";

    private static readonly string[] _words =
    [
        "alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett", "kilo", "lima", "mike",
        "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey", "xray", "yankee", "zulu",
    ];

    private static readonly int[] _opening = SimulatedTokenizer.Encode(Opening);

    /// <summary>Exactly so many tokens.</summary>
    public static int[] Tokens(ulong seed, int count)
    {
        var tokens = new List<int>(count + 4);
        tokens.AddRange(_opening);
        while (tokens.Count < count)
        {
            seed = Next(seed);
            tokens.AddRange(SimulatedTokenizer.Encode(_words[seed % (ulong)_words.Length] + " "));
        }

        return [.. tokens.Take(count)];
    }

    /// <summary>The same text without end, in pieces that a real tokenizer likes: white space belongs to the word after it.</summary>
    public static IEnumerable<string> Words(ulong seed)
    {
        yield return Opening.TrimEnd();
        while (true)
        {
            seed = Next(seed);
            yield return " " + _words[seed % (ulong)_words.Length];
        }
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every platform and version.</summary>
    public static ulong Next(ulong seed)
    {
        var z = seed + 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
