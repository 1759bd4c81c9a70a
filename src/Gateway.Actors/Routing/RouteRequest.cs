using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>What a policy may know of a request.</summary>
public readonly ref struct RouteRequest(ReadOnlySpan<byte> body, ref readonly TriedWorkers tried)
{
    private readonly ref readonly TriedWorkers _tried = ref tried;

    /// <summary>The request's body as it came.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>The one rule of eligibility: takes requests, its breaker allows it, and this request has not failed on it.</summary>
    public bool IsEligible(Worker worker)
    {
        ArgumentNullException.ThrowIfNull(worker);
        return !worker.IsClosed && worker.Breaker.Allows && !_tried.Contains(worker.Id);
    }
}
