namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// The data word of a slot: which of a group of 24 workers have seen the page (24 bits), which group (28 bits), and when it was last
/// used (12 bits of <see cref="PrefixClock"/>). Zero is an empty slot; no group has the number 0.
/// </summary>
internal readonly record struct PrefixSlot(ulong Word)
{
    private const int TickBits = PrefixClock.TickBits;
    private const int GroupShift = TickBits + LaneRegistry.LanesPerGroup;
    private const uint LanesMask = (1u << LaneRegistry.LanesPerGroup) - 1;

    public PrefixSlot(uint group, uint lanes, uint tick)
        : this(((ulong)group << GroupShift) | ((ulong)lanes << TickBits) | tick)
    {
    }

    public bool IsEmpty => Word == 0;

    public uint Group => (uint)(Word >> GroupShift);

    /// <summary>A bit for each worker of the group.</summary>
    public uint Lanes => (uint)(Word >> TickBits) & LanesMask;

    public uint Tick => (uint)Word & PrefixClock.TickMask;

    public bool Has(Lane lane) => Group == lane.Group && (Lanes & lane.Mask) != 0;
}
