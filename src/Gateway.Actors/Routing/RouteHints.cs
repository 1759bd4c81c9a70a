namespace Gateway.Actors.Routing;

/// <summary>What a client says about where its request should go.</summary>
/// <param name="RoutingKey">Requests of one key belong together: a session, a user. Null if it names none.</param>
/// <param name="TargetWorker">The worker it asks for: its id, its URL, or its index among the candidates. Null if it names none.</param>
public readonly record struct RouteHints(string? RoutingKey, string? TargetWorker)
{
    public static RouteHints None => default;
}
