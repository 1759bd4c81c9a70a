using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>What a probe found.</summary>
public enum ProbeOutcome
{
    Healthy,

    /// <summary>The engine answered that it is not well, or not yet.</summary>
    Unhealthy,

    /// <summary>No answer in time.</summary>
    Silent,

    /// <summary>Nobody there: the connection was refused or broken, or the name has no address.</summary>
    Unreachable,
}

/// <param name="Outcome">What the probe found.</param>
/// <param name="Reason">For the operator, when the outcome is not Healthy.</param>
/// <param name="Facts">What the engine told of itself; <see cref="WorkerFacts.Unknown"/> if it was not asked or did not say.</param>
public sealed record ProbeResult(ProbeOutcome Outcome, string Reason, WorkerFacts Facts)
{
    public static ProbeResult Healthy(WorkerFacts facts) => new(ProbeOutcome.Healthy, "", facts);

    public static ProbeResult Failed(ProbeOutcome outcome, string reason) => new(outcome, reason, WorkerFacts.Unknown);
}

/// <summary>How to probe.</summary>
/// <param name="HealthEndpoint">Path asked for its health over HTTP; null skips that question.</param>
/// <param name="Timeout">For each question.</param>
/// <param name="ApiKey">Sent as a bearer token.</param>
/// <param name="Discover">Asks also what the engine is and serves.</param>
/// <param name="Runtime">The engine that it is thought to be, and asked first whether it is.</param>
/// <param name="IsGuarded">Connects only where <see cref="AddressGuard"/> allows it.</param>
/// <param name="ServerName">What the engine is called, see <see cref="WorkerSpec.ServerName"/>.</param>
public sealed record ProbePlan(
    string? HealthEndpoint,
    TimeSpan Timeout,
    Secret? ApiKey,
    bool Discover,
    EngineRuntime Runtime = EngineRuntime.Unspecified,
    bool IsGuarded = false,
    string? ServerName = null);

/// <summary>How to ask for the load.</summary>
/// <param name="Runtime">The engine, as far as it is known.</param>
/// <param name="Timeout">For all questions together.</param>
/// <param name="ApiKey">Sent as a bearer token.</param>
public sealed record LoadPlan(EngineRuntime Runtime, TimeSpan Timeout, Secret? ApiKey);
