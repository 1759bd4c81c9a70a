using Gateway.Actors.Routing;

namespace Gateway.Host.Serving;

/// <summary>
/// How the worker of a request's last attempt was chosen. Of a pair, what is said of the prompt is what the prefill worker's policy said, and the
/// rest is the answering worker's. A mutable struct, written by whichever thread the request is on; all empty while nobody keeps it.
/// </summary>
internal struct RouteFacts
{
    /// <summary>By its name.</summary>
    public string? Policy;

    /// <summary>The prefill worker's; null without a pair.</summary>
    public string? PrefillPolicy;

    /// <summary>See <see cref="RouteExplanation.Rule"/>.</summary>
    public string? Rule;

    /// <summary>Bytes that were looked at; 0 if the policy does not look at prompts.</summary>
    public long PromptBytes;

    /// <summary>Those of them that the policy thinks the worker had in its cache.</summary>
    public long KnownBytes;

    /// <summary>Workers it was chosen from.</summary>
    public int Candidates;

    /// <summary>Requests that the chosen one had already, of all gateways.</summary>
    public int Load;

    /// <summary>Workers as they were weighed; null but for the few requests of which somebody wants to know it.</summary>
    public RouteExplanation? Weighed;
}
