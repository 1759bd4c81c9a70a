using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>What a policy may know of a request.</summary>
/// <param name="ignoreBreakers">True in panic, see <see cref="PanicMode"/>.</param>
public readonly ref struct RouteRequest(
    ReadOnlySpan<byte> prompt, RouteHints hints, ref readonly TriedWorkers tried, bool ignoreBreakers = false)
{
    private readonly ref readonly TriedWorkers _tried = ref tried;

    /// <summary>
    /// What the engine will prefill, as it stands in the body: the JSON of <c>messages</c>, <c>prompt</c>, <c>text</c> or <c>input</c>.
    /// Empty for a request without one.
    /// </summary>
    public ReadOnlySpan<byte> Prompt { get; } = prompt;

    public RouteHints Hints { get; } = hints;

    /// <summary>The one rule of eligibility: takes requests, its breaker allows it, and this request is not to avoid it.</summary>
    public bool IsEligible(Worker worker)
    {
        ArgumentNullException.ThrowIfNull(worker);
        return !worker.IsClosed && (ignoreBreakers || worker.Breaker.Allows) && !_tried.Contains(worker.Id);
    }
}
