namespace Gateway.Simulator;

/// <summary>
/// One thing that goes wrong, and when. It is what <c>PUT /simulator/faults</c> takes, with the names in snake_case.
/// </summary>
public sealed record FaultRule
{
    public required FaultKind Kind { get; init; }

    public FaultTarget Target { get; init; } = FaultTarget.Requests;

    /// <summary>Requests it is still for; null for all that come.</summary>
    public int? Requests { get; init; }

    /// <summary>Probability that a request meets it, drawn from the worker's seed.</summary>
    public double Share { get; init; } = 1;

    /// <summary>For <see cref="FaultKind.Status"/>.</summary>
    public int Status { get; init; } = 503;

    /// <summary>Sent as Retry-After with a status, in seconds.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>For the kinds that break a stream.</summary>
    public int AfterEvents { get; init; } = 1;

    /// <summary>For <see cref="FaultKind.Slow"/>; at least 1 makes it slower.</summary>
    public double Factor { get; init; } = 5;

    /// <summary>Milliseconds until a refusing or crashed worker comes back; null if it doesn't by itself.</summary>
    public int? ForMs { get; init; }

    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Status, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Status, 599);
        ArgumentOutOfRangeException.ThrowIfNegative(AfterEvents);
        ArgumentOutOfRangeException.ThrowIfNegative(Requests ?? 0);
        ArgumentOutOfRangeException.ThrowIfNegative(ForMs ?? 0);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Factor);
        ArgumentOutOfRangeException.ThrowIfNegative(Share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Share, 1);
    }
}
