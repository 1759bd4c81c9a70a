namespace Gateway.Actors.Workers.KvEvents;

/// <summary>What a batch's number says.</summary>
internal enum KvBatchPlace
{
    Next,

    /// <summary>It was here before.</summary>
    Repeated,

    /// <summary>Something before it is missing.</summary>
    AfterGap,
}

/// <summary>
/// Watches the numbers of batches. Engines with data-parallel ranks count either all batches or each rank's by themselves; a batch that
/// follows in one of the two ways follows.
/// </summary>
internal sealed class KvSequence
{
    private readonly Dictionary<int, ulong> _lastOfRank = [];
    private ulong? _last;

    public KvBatchPlace Place(int rank, ulong number)
    {
        var isKnown = _lastOfRank.TryGetValue(rank, out var lastOfRank);
        if (isKnown && number <= lastOfRank)
            return KvBatchPlace.Repeated;
        // A rank's first batch may have any number: that is where its history begins.
        if (isKnown && number != lastOfRank + 1 && number != _last + 1)
            return KvBatchPlace.AfterGap;
        _lastOfRank[rank] = number;
        _last = number;
        return KvBatchPlace.Next;
    }

    public void BeginAnew()
    {
        _lastOfRank.Clear();
        _last = null;
    }
}
