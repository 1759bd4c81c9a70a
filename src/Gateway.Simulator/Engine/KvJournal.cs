namespace Gateway.Simulator.Engine;

/// <summary>Notes what happens to one prefix cache until it is told to the worker's log. Not thread-safe: under the engine's lock.</summary>
internal sealed class KvJournal
{
    private readonly KvEventLog _log;
    private readonly int _rank;
    private readonly int _blockTokens;
    private readonly List<KvChange> _changes = [];
    private readonly List<ulong> _removed = [];
    private readonly List<(ulong Hash, int[] Tokens)> _stored = [];
    private ulong? _parent;

    public KvJournal(KvEventLog log, int rank, int blockTokens)
    {
        _log = log;
        _rank = rank;
        _blockTokens = blockTokens;
    }

    /// <summary>A block of a sequence has been stored; those that follow it directly go into the same event.</summary>
    /// <param name="at">Which one of the sequence it is.</param>
    public void NoteStored(Sequence sequence, int at)
    {
        CloseRemoved();
        var hashes = sequence.BlockHashes;
        ulong? parent = at == 0 ? null : hashes[at - 1];
        if (_stored.Count > 0 && parent != _stored[^1].Hash)
            CloseStored();
        if (_stored.Count == 0)
            _parent = parent;
        var tokens = new int[_blockTokens];
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = sequence.TokenAt((at * _blockTokens) + i);
        _stored.Add((hashes[at], tokens));
    }

    public void NoteRemoved(ulong hash)
    {
        CloseStored();
        _removed.Add(hash);
    }

    /// <summary>Nothing is left; what was removed just before need not be told block by block.</summary>
    public void NoteCleared()
    {
        _removed.Clear();
        CloseStored();
        _changes.Add(new KvChange.Cleared());
    }

    /// <summary>Tells what has been noted.</summary>
    public void Tell()
    {
        CloseStored();
        CloseRemoved();
        if (_changes.Count == 0)
            return;
        _log.Append(_rank, [.. _changes]);
        _changes.Clear();
    }

    private void CloseStored()
    {
        if (_stored.Count == 0)
            return;
        _changes.Add(new KvChange.Stored(_parent, [.. _stored]));
        _stored.Clear();
    }

    private void CloseRemoved()
    {
        if (_removed.Count == 0)
            return;
        _changes.Add(new KvChange.Removed([.. _removed]));
        _removed.Clear();
    }
}
