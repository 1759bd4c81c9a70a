namespace Gateway.Actors.Routing.Prefixes;

/// <summary>The place of an incarnation in the slots: a bit in a group. It is never given to another.</summary>
/// <param name="Group">From 1.</param>
/// <param name="Bit">From 0.</param>
internal readonly record struct Lane(uint Group, int Bit)
{
    public uint Mask => 1u << Bit;
}

/// <summary>
/// Which lanes are in use, in all indexes of a table. Groups are numbered on and on, so what a slot says of an incarnation that is gone
/// is never taken for a word about another one; 2^28 groups are enough for six billion incarnations.
/// Memory: 4 bytes for 24 incarnations, ever.
/// </summary>
internal sealed class LaneRegistry
{
    public const int LanesPerGroup = 24;

    private readonly Lock _gate = new();
    private uint[] _live = new uint[16];
    private uint _lastGroup;

    public long AllocatedBytes => (long)Volatile.Read(ref _live).Length * sizeof(uint);

    public uint NewGroup()
    {
        lock (_gate)
        {
            var group = ++_lastGroup;
            if (group == _live.Length)
            {
                var longer = new uint[_live.Length * 2];
                _live.CopyTo(longer, 0);
                Volatile.Write(ref _live, longer);
            }

            return group;
        }
    }

    public void Open(Lane lane)
    {
        lock (_gate)
            _live[lane.Group] |= lane.Mask;
    }

    public void Close(Lane lane)
    {
        lock (_gate)
            _live[lane.Group] &= ~lane.Mask;
    }

    /// <summary>True if the slot says something of an incarnation that is still there.</summary>
    public bool Concerns(PrefixSlot slot)
    {
        var live = Volatile.Read(ref _live);
        return slot.Group < (uint)live.Length && (live[slot.Group] & slot.Lanes) != 0;
    }
}
