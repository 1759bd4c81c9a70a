using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>An incarnation and the lane an index knows it by.</summary>
/// <param name="Worker">The incarnation as it was last seen.</param>
/// <param name="Lane">Its own for as long as the seat lives.</param>
internal sealed record Seat(Worker Worker, Lane Lane);

/// <summary>The routable workers of a model in an index, by ordinal, epoch and lane. Immutable.</summary>
internal sealed class WorkerLanes
{
    private readonly Seat[] _seats;
    private readonly Dictionary<long, int> _ordinals = [];
    private readonly Dictionary<uint, int> _blocks = [];
    private readonly int[] _ordinalByLane;
    private Dictionary<WorkerId, int>? _ordinalsById;

    public WorkerLanes(Seat[] seats)
    {
        _seats = seats;
        foreach (var seat in seats)
            _blocks.TryAdd(seat.Lane.Group, _blocks.Count);
        Live = new uint[_blocks.Count];
        _ordinalByLane = new int[_blocks.Count * LaneRegistry.LanesPerGroup];
        for (var ordinal = 0; ordinal < seats.Length; ordinal++)
        {
            var lane = seats[ordinal].Lane;
            var block = _blocks[lane.Group];
            _ordinals[seats[ordinal].Worker.Epoch] = ordinal;
            _ordinalByLane[(block * LaneRegistry.LanesPerGroup) + lane.Bit] = ordinal;
            Live[block] |= lane.Mask;
        }
    }

    public static WorkerLanes Empty { get; } = new([]);

    public int Count => _seats.Length;

    /// <summary>The lanes in use of each block; a block is a group of which this index has lanes.</summary>
    public uint[] Live { get; }

    public Seat this[int ordinal] => _seats[ordinal];

    /// <returns>-1 if the index has none of its lanes.</returns>
    public int BlockOf(uint group) => _blocks.GetValueOrDefault(group, -1);

    public int OrdinalOf(int block, int bit) => _ordinalByLane[(block * LaneRegistry.LanesPerGroup) + bit];

    /// <param name="worker">An incarnation.</param>
    /// <param name="guess">Where it is likely to be found: its place among the candidates.</param>
    /// <returns>-1 if it is not there.</returns>
    public int OrdinalOf(Worker worker, int guess) =>
        (uint)guess < (uint)_seats.Length && _seats[guess].Worker.Epoch == worker.Epoch
            ? guess
            : OrdinalOf(worker.Epoch);

    /// <returns>-1 if it is not there.</returns>
    public int OrdinalOf(long epoch) => _ordinals.GetValueOrDefault(epoch, -1);

    /// <remarks>Made for the first who asks: other gateways' words name workers so, requests never do.</remarks>
    /// <returns>-1 if it is not there.</returns>
    public int OrdinalOf(WorkerId id) => (_ordinalsById ??= ById()).GetValueOrDefault(id, -1);

    private Dictionary<WorkerId, int> ById()
    {
        var ordinals = new Dictionary<WorkerId, int>(_seats.Length);
        for (var ordinal = 0; ordinal < _seats.Length; ordinal++)
            ordinals[_seats[ordinal].Worker.Id] = ordinal;
        return ordinals;
    }
}
