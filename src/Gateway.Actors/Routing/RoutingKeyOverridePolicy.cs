using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// Over another policy: a request that names a routing key stays with its worker, as with <see cref="ManualPolicy"/>; the other policy
/// decides for those that name none. So sessions that say who they are stay where they are, and the rest goes where it is best.
/// It is there only if it is asked for (<see cref="RoutingSettings.RoutingKeyOverride"/>), and never over a policy that reads keys itself.
/// </summary>
/// <param name="policy">The model's.</param>
/// <param name="sessions">Whose sessions are kept apart from those of other models and roles.</param>
public sealed class RoutingKeyOverridePolicy(IRoutingPolicy policy, ManualPolicy sessions) : IRoutingPolicy
{
    /// <summary>How an explanation says that the key has decided; the policy it names is that of <see cref="Sessions"/>.</summary>
    public const string Rule = "routing key: manual";

    /// <summary>The model's own policy.</summary>
    public IRoutingPolicy Policy { get; } = policy;

    public ManualPolicy Sessions { get; } = sessions;

    public bool ReadsHints => true;

    public bool NeedsLoadReports => Policy.NeedsLoadReports;

    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        if (request.Hints.RoutingKey is null)
            return Policy.Pick(candidates, request);
        if (request.Explanation is { } explanation)
            explanation.Rule = Rule;
        return Sessions.Pick(candidates, request);
    }

    public void WorkersChanged(ReadOnlySpan<Worker> ready) => Policy.WorkersChanged(ready);
}
