namespace Gateway.Host.Admission;

/// <summary>Somebody who shares the gateway with others: a key, and what may be done with it. There is one object for each, for as long as the gateway runs.</summary>
internal sealed class Tenant
{
    /// <summary>Who has the gateway's only key, or uses it without one.</summary>
    public const string DefaultName = "default";

    public required string Name { get; init; }

    /// <summary>The highest priority its requests may ask for; they get no more.</summary>
    public RequestPriority MaxPriority { get; init; } = RequestPriority.Default;

    /// <summary>Null if any number of its requests may run at once.</summary>
    public ConcurrencyLimit? Concurrency { get; init; }

    /// <summary>Null if it has no limits per minute.</summary>
    public MinuteRates? Rates { get; init; }

    public override string ToString() => Name;
}
