namespace Gateway.Host.Admission;

/// <summary>The waiting requests of one priority, tenant and model, in order of arrival. The limits are the same for all of them, so that only the first matters.</summary>
internal sealed class Lane(TenantLine line, ConcurrencyLimit? model)
{
    private readonly LinkedList<Waiter> _waiters = [];

    public TenantLine Line { get; } = line;

    public ConcurrencyLimit? Model { get; } = model;

    public bool IsEmpty => _waiters.Count == 0;

    public Waiter First => _waiters.First!.Value;

    public Waiter Last => _waiters.Last!.Value;

    public void Add(Waiter waiter)
    {
        waiter.Lane = this;
        waiter.Node = _waiters.AddLast(waiter);
    }

    public void Remove(Waiter waiter)
    {
        _waiters.Remove(waiter.Node!);
        waiter.Lane = null;
        waiter.Node = null;
    }

    /// <summary>Adds them to <paramref name="all"/>.</summary>
    public void CopyTo(List<Waiter> all) => all.AddRange(_waiters);
}
