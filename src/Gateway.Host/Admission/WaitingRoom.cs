namespace Gateway.Host.Admission;

/// <summary>
/// Who waits, and who is next: the highest priority first, tenants in turn within a priority, first come first served within a tenant.
/// Against starvation every fourth who leaves is the one who has waited longest of all, if that is longer than the time of promotion:
/// so bulk is served under any load, and yet an old backlog takes no more than a quarter from those who are in a hurry.
/// Not safe from several threads: the <see cref="AdmissionQueue"/> has the lock.
/// </summary>
/// <param name="promotion">How long somebody waits before he counts as starving, in the clock's ticks.</param>
internal sealed class WaitingRoom(long promotion)
{
    /// <summary>Of so many who leave one after the other, one may be a starving one who overtakes.</summary>
    public const int PromotionShare = 4;

    // By priority, the lowest first.
    private readonly PriorityClass[] _classes = [.. Enum.GetValues<RequestPriority>().Select(static _ => new PriorityClass())];
    private long _lastNumber;
    private int _sincePromotion;

    public int Count { get; private set; }

    /// <summary>When the one who has waited longest came; null if nobody waits.</summary>
    public long? OldestArrival => Oldest(static _ => true)?.Arrived;

    public void Add(Waiter waiter)
    {
        waiter.Number = ++_lastNumber;
        _classes[(int)waiter.Priority].Add(waiter);
        Count++;
        waiter.Seat.AddWaiter();
    }

    /// <returns>False if somebody else has taken it out before.</returns>
    public bool Remove(Waiter waiter)
    {
        if (waiter.Lane is null)
            return false;
        _classes[(int)waiter.Priority].Remove(waiter);
        Count--;
        waiter.Seat.RemoveWaiter();
        return true;
    }

    /// <summary>Takes the places of the next one whose limits have room, and takes it out.</summary>
    /// <returns>Null if there is none.</returns>
    public Waiter? TakeNext(long now)
    {
        if (_sincePromotion >= PromotionShare - 1 && Oldest(static waiter => waiter.Seat.HasRoom) is { } oldest && IsStarving(oldest, now) && TryTake(oldest))
        {
            _sincePromotion = 0;
            return oldest;
        }

        for (var priority = _classes.Length - 1; priority >= 0; priority--)
        {
            if (_classes[priority].Next is not { } next || !TryTake(next))
                continue;
            _sincePromotion = Math.Min(_sincePromotion + 1, PromotionShare);
            return next;
        }

        return null;
    }

    /// <summary>
    /// Takes out the one who must go when there are too many: of the lowest priority the newest of the tenant that has most waiting.
    /// Who is starving stays.
    /// </summary>
    public Waiter PushOut(long now)
    {
        foreach (var priority in _classes)
        {
            TenantLine? longest = null;
            foreach (var line in priority.Lines)
            {
                if (IsStarving(line.Newest, now))
                    continue;
                // Between equals it is the one who came last: no two tenants push each other out in turn.
                if (longest is null || line.Count > longest.Count || (line.Count == longest.Count && line.Newest.Number > longest.Newest.Number))
                    longest = line;
            }

            if (longest is null)
                continue;
            var last = longest.Newest;
            Remove(last);
            return last;
        }

        throw new InvalidOperationException("Everybody is starving: there is no newcomer.");
    }

    /// <summary>Whether a newcomer would be kept if the room were full: <see cref="PushOut"/> would choose somebody else.</summary>
    public bool WouldKeep(Tenant tenant, RequestPriority priority, long now)
    {
        for (var lower = 0; lower < (int)priority; lower++)
        {
            if (_classes[lower].Lines.Any(line => !IsStarving(line.Newest, now)))
                return true;
        }

        var own = _classes[(int)priority].CountOf(tenant) + 1;
        return _classes[(int)priority].Lines.Any(line => line.Tenant != tenant && line.Count > own && !IsStarving(line.Newest, now));
    }

    /// <summary>Takes everybody out.</summary>
    public IReadOnlyList<Waiter> Clear()
    {
        List<Waiter> all = [];
        foreach (var priority in _classes)
        {
            foreach (var line in priority.Lines)
                line.CopyTo(all);
        }

        all.ForEach(waiter => Remove(waiter));
        return all;
    }

    private bool TryTake(Waiter waiter)
    {
        if (!waiter.Seat.TryTake())
            return false;
        _classes[(int)waiter.Priority].EndTurn(waiter.Seat.Tenant);
        return Remove(waiter);
    }

    private bool IsStarving(Waiter waiter, long now) => now - waiter.Arrived >= promotion;

    private Waiter? Oldest(Func<Waiter, bool> condition)
    {
        Waiter? oldest = null;
        foreach (var priority in _classes)
        {
            foreach (var line in priority.Lines)
            {
                if (line.Oldest(condition) is { } first && (oldest is null || first.Number < oldest.Number))
                    oldest = first;
            }
        }

        return oldest;
    }
}
