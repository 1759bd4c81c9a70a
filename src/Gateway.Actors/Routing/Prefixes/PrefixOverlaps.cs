namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// What an index found for one prompt: how much of it each worker has seen. Used over and over by one thread at a time, so that a
/// match allocates nothing once its arrays are large enough.
/// </summary>
internal sealed class PrefixOverlaps
{
    private int[] _pages = [];
    private int[] _matched = [];
    private uint[] _blocks = [];

    /// <summary>The workers it speaks of.</summary>
    public WorkerLanes Lanes { get; private set; } = WorkerLanes.Empty;

    /// <summary>The keys of the prompt's pages; the first <see cref="KeyCount"/> count.</summary>
    public ulong[] Keys { get; private set; } = [];

    public int KeyCount { get; set; }

    public int PromptBytes { get; set; }

    /// <summary>Ordinals of the workers that have at least a page, longest overlap first.</summary>
    public ReadOnlySpan<int> Matched => _matched.AsSpan(0, MatchedCount);

    public int MatchedCount { get; private set; }

    /// <summary>A word for each block of lanes, for the index to keep count in.</summary>
    public Span<uint> Blocks => _blocks.AsSpan(0, Lanes.Live.Length);

    /// <summary>Starts a match.</summary>
    public void Begin(WorkerLanes lanes, int promptBytes, int mostKeys)
    {
        Lanes = lanes;
        PromptBytes = promptBytes;
        KeyCount = 0;
        MatchedCount = 0;
        if (Keys.Length < mostKeys)
            Keys = new ulong[mostKeys];
        if (_pages.Length < lanes.Count)
        {
            _pages = new int[lanes.Count * 2];
            _matched = new int[lanes.Count * 2];
        }

        if (_blocks.Length < lanes.Live.Length)
            _blocks = new uint[lanes.Live.Length * 2];
        _pages.AsSpan(0, lanes.Count).Clear();
    }

    public int PagesOf(int ordinal) => _pages[ordinal];

    /// <summary>Notes what a worker has; once for each worker, longest first.</summary>
    public void Add(int ordinal, int pages)
    {
        _pages[ordinal] = pages;
        _matched[MatchedCount++] = ordinal;
    }

    /// <summary>Puts the matched workers the other way round, if they were found shortest first.</summary>
    public void ReverseMatched() => _matched.AsSpan(0, MatchedCount).Reverse();
}
