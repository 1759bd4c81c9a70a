namespace Gateway.Host.Admission;

/// <summary>
/// The waiting requests of one priority. Tenants take turns, one request each, however many they have waiting: deficit round robin
/// (Shreedhar and Varghese, 1995) with a request as the unit, since what a generation will cost is not known when it begins.
/// A tenant whose turn it is and who cannot use it keeps it.
/// </summary>
internal sealed class PriorityClass
{
    private readonly Dictionary<Tenant, LinkedListNode<TenantLine>> _byTenant = [];
    private readonly LinkedList<TenantLine> _turns = [];

    /// <summary>Tenants who have somebody waiting, the one whose turn is next first.</summary>
    public IEnumerable<TenantLine> Lines => _turns;

    /// <summary>How many of this tenant's requests wait.</summary>
    public int CountOf(Tenant tenant) => _byTenant.TryGetValue(tenant, out var node) ? node.Value.Count : 0;

    public void Add(Waiter waiter)
    {
        var tenant = waiter.Seat.Tenant;
        if (!_byTenant.TryGetValue(tenant, out var node))
            _byTenant[tenant] = node = _turns.AddLast(new TenantLine(tenant));
        node.Value.Add(waiter);
    }

    public void Remove(Waiter waiter)
    {
        var line = waiter.Lane!.Line;
        line.Remove(waiter);
        if (line.Count == 0 && _byTenant.Remove(line.Tenant, out var node))
            _turns.Remove(node);
    }

    /// <summary>The next one whose limits have room; null if there is none.</summary>
    public Waiter? Next
    {
        get
        {
            for (var node = _turns.First; node is not null; node = node.Next)
            {
                if (node.Value.Next is { } next)
                    return next;
            }

            return null;
        }
    }

    /// <summary>The tenant has had its turn.</summary>
    public void EndTurn(Tenant tenant)
    {
        if (!_byTenant.TryGetValue(tenant, out var node))
            return;
        _turns.Remove(node);
        _turns.AddLast(node);
    }
}
