namespace Gateway.Host.Admission;

/// <summary>The places a request takes beside its place in the gateway: one of its tenant's, one of its model's.</summary>
/// <param name="Tenant">Whose request it is.</param>
/// <param name="Model">Its model's limit; null if it is for no model.</param>
internal readonly record struct Seat(Tenant Tenant, ConcurrencyLimit? Model)
{
    public bool HasRoom => Tenant.Concurrency is not { HasRoom: false } && Model is not { HasRoom: false };

    public bool HasWaiters => Tenant.Concurrency is { HasWaiters: true } || Model is { HasWaiters: true };

    /// <summary>Takes both places, or none.</summary>
    public bool TryTake()
    {
        if (Tenant.Concurrency is { } tenant && !tenant.TryTake())
            return false;
        if (Model is null || Model.TryTake())
            return true;
        Tenant.Concurrency?.Release();
        return false;
    }

    public void Release()
    {
        Model?.Release();
        Tenant.Concurrency?.Release();
    }

    public void AddWaiter()
    {
        Tenant.Concurrency?.AddWaiter();
        Model?.AddWaiter();
    }

    public void RemoveWaiter()
    {
        Tenant.Concurrency?.RemoveWaiter();
        Model?.RemoveWaiter();
    }
}
