using CsCheck;
using Gateway.Actors.Engines;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Fleet;

/// <summary>One thing that can happen to a fleet. Numbers are taken modulo what there is to choose from.</summary>
public abstract record FleetOperation
{
    private static readonly Gen<int> Any = Gen.Int[0, 999];

    private static readonly Gen<int> Url = Gen.Int[0, 4];

    private static readonly Gen<int> Ranks = Gen.Int[0, 3];

    private static readonly Gen<int> Models = Gen.Int[0, 5];

    /// <summary>Any operation; requests and the passing of time are more frequent than edits, as in life.</summary>
    public static Gen<FleetOperation> Generator { get; } = Gen.Frequency(
        (4, Gen.Select(Url, Models, Ranks, static (url, models, ranks) => (FleetOperation)new RegisterWorker(url, models, ranks))),
        (2, Gen.Select(Url, Models, Ranks, Gen.Bool, static (url, models, ranks, stale) => (FleetOperation)new ReplaceWorker(url, models, ranks, stale))),
        (1, Gen.Select(Url, Gen.Int[0, 9], static (url, priority) => (FleetOperation)new EditWorker(url, priority))),
        (1, Url.Select(static url => (FleetOperation)new RemoveWorker(url))),
        (2, Gen.Select(Gen.Int[0, 6], Gen.Int[0, 4], static (name, policy) => (FleetOperation)new ChoosePolicy(name, policy))),
        (1, Url.Select(static url => (FleetOperation)new DrainWorker(url))),
        (5, Gen.Select(Url, Gen.Int[0, 8], static (url, answer) => (FleetOperation)new EngineAnswers(url, answer))),
        (2, Gen.Select(Url, Gen.Bool, static (url, slow) => (FleetOperation)new EngineIsSlow(url, slow))),
        (4, Url.Select(static url => (FleetOperation)new LateAnswer(url))),
        (8, Gen.Int[1, 300].Select(static tenths => (FleetOperation)new TimePasses(TimeSpan.FromMilliseconds(100 * tenths)))),
        (12, Gen.Select(Gen.Int[0, 5], Gen.Bool, static (name, old) => (FleetOperation)new BeginRequest(name, old))),
        (8, Gen.Select(Any, Gen.Enum<AttemptOutcome>(), static (which, outcome) => (FleetOperation)new EndRequest(which, outcome))),
        (2, Gen.Const((FleetOperation)new RememberSnapshot())),
        (2, Url.Select(static url => (FleetOperation)new SuspectWorker(url))),
        (2, Gen.Select(Url, Gen.Int[0, 6], static (url, report) => (FleetOperation)new StaleReport(url, report))),
        (1, Url.Select(static url => (FleetOperation)new WorkerActorFails(url))),
        (1, Gen.Const((FleetOperation)new SupervisorFails())));
}

public sealed record RegisterWorker(int Url, int Models, int Ranks) : FleetOperation;

public sealed record ReplaceWorker(int Url, int Models, int Ranks, bool WithStaleRevision) : FleetOperation;

public sealed record EditWorker(int Url, int Priority) : FleetOperation;

public sealed record RemoveWorker(int Url) : FleetOperation;

public sealed record ChoosePolicy(int Name, int Policy) : FleetOperation;

public sealed record DrainWorker(int Url) : FleetOperation;

public sealed record EngineAnswers(int Url, int Answer) : FleetOperation;

public sealed record EngineIsSlow(int Url, bool Slow) : FleetOperation;

public sealed record LateAnswer(int Url) : FleetOperation;

public sealed record TimePasses(TimeSpan Time) : FleetOperation;

public sealed record BeginRequest(int Name, bool FromOldSnapshot) : FleetOperation;

public sealed record EndRequest(int Which, AttemptOutcome Outcome) : FleetOperation;

public sealed record RememberSnapshot : FleetOperation;

public sealed record SuspectWorker(int Url) : FleetOperation;

public sealed record StaleReport(int Url, int Report) : FleetOperation;

public sealed record WorkerActorFails(int Url) : FleetOperation;

public sealed record SupervisorFails : FleetOperation;
