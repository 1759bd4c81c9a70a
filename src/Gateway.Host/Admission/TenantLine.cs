namespace Gateway.Host.Admission;

/// <summary>The waiting requests of one priority and tenant. First come, first served, but those for a model that is full hold up no other model.</summary>
internal sealed class TenantLine(Tenant tenant)
{
    private readonly List<Lane> _lanes = [];

    public Tenant Tenant { get; } = tenant;

    public int Count { get; private set; }

    /// <summary>The one who came last. There must be one.</summary>
    public Waiter Newest
    {
        get
        {
            var newest = _lanes[0].Last;
            foreach (var lane in _lanes)
            {
                if (lane.Last.Number > newest.Number)
                    newest = lane.Last;
            }

            return newest;
        }
    }

    /// <summary>The first one whose tenant and model have room; null if there is none.</summary>
    public Waiter? Next => Oldest(static waiter => waiter.Seat.HasRoom);

    /// <summary>The first one of those at the head of their lane for whom this is true.</summary>
    public Waiter? Oldest(Func<Waiter, bool> condition)
    {
        Waiter? oldest = null;
        foreach (var lane in _lanes)
        {
            var first = lane.First;
            if ((oldest is null || first.Number < oldest.Number) && condition(first))
                oldest = first;
        }

        return oldest;
    }

    public void Add(Waiter waiter)
    {
        var lane = _lanes.Find(lane => lane.Model == waiter.Seat.Model);
        if (lane is null)
            _lanes.Add(lane = new Lane(this, waiter.Seat.Model));
        lane.Add(waiter);
        Count++;
    }

    public void Remove(Waiter waiter)
    {
        var lane = waiter.Lane!;
        lane.Remove(waiter);
        Count--;
        if (lane.IsEmpty)
            _lanes.Remove(lane);
    }

    /// <summary>Adds all who wait to <paramref name="all"/>.</summary>
    public void CopyTo(List<Waiter> all) => _lanes.ForEach(lane => lane.CopyTo(all));
}
