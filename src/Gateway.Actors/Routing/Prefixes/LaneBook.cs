using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// Gives the incarnations of a model their lanes in one index, and takes them back. An incarnation that is not routable for a while
/// keeps its lane, for its cache is still there when it returns; one that is closed never comes back.
/// </summary>
internal sealed class LaneBook(PrefixTable table)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Seat> _seats = [];
    private readonly List<Seat> _away = [];
    private volatile WorkerLanes _current = WorkerLanes.Empty;
    private volatile bool _anyAway;
    private uint _group;
    private int _nextBit = LaneRegistry.LanesPerGroup;

    public WorkerLanes Current => _current;

    /// <summary>The lane of an incarnation, routable or away; null if it is not known, or closed.</summary>
    public Lane? LaneOf(long epoch)
    {
        lock (_gate)
            return _seats.TryGetValue(epoch, out var seat) ? seat.Lane : null;
    }

    public void WorkersChanged(ReadOnlySpan<Worker> ready)
    {
        lock (_gate)
        {
            var seats = new Seat[ready.Length];
            for (var i = 0; i < ready.Length; i++)
            {
                var lane = _seats.TryGetValue(ready[i].Epoch, out var seat) ? seat.Lane : NewLane();
                _seats[ready[i].Epoch] = seats[i] = new Seat(ready[i], lane);
            }

            var current = new WorkerLanes(seats);
            _current = current;
            _away.Clear();
            _away.AddRange(_seats.Values.Where(seat => current.OrdinalOf(seat.Worker.Epoch) < 0));
            DropClosed();
        }
    }

    /// <summary>Looks whether workers that went out of sight have been closed since. Costs one read if none is out of sight.</summary>
    public void DropClosedIfAny()
    {
        if (!_anyAway || !_gate.TryEnter())
            return;
        try
        {
            DropClosed();
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Forgets at once all that is known of an incarnation, which goes on with a new lane.</summary>
    public void Renew(Worker worker)
    {
        lock (_gate)
        {
            if (!_seats.TryGetValue(worker.Epoch, out var old))
                return;
            var renewed = old with { Lane = NewLane() };
            _seats[worker.Epoch] = renewed;
            var current = _current;
            if (current.OrdinalOf(worker.Epoch) is >= 0 and var ordinal)
            {
                var seats = new Seat[current.Count];
                for (var i = 0; i < seats.Length; i++)
                    seats[i] = i == ordinal ? renewed : current[i];
                _current = new WorkerLanes(seats);
            }

            table.Retire(old.Lane);
        }
    }

    private void DropClosed()
    {
        for (var i = _away.Count - 1; i >= 0; i--)
        {
            if (!_away[i].Worker.IsClosed)
                continue;
            var epoch = _away[i].Worker.Epoch;
            table.Retire(_seats[epoch].Lane);
            _seats.Remove(epoch);
            _away.RemoveAt(i);
        }

        _anyAway = _away.Count > 0;
    }

    private Lane NewLane()
    {
        if (_nextBit == LaneRegistry.LanesPerGroup)
        {
            _group = table.Lanes.NewGroup();
            _nextBit = 0;
        }

        var lane = new Lane(_group, _nextBit++);
        table.Lanes.Open(lane);
        return lane;
    }
}
