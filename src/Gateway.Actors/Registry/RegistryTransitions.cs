using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Registry;

/// <summary>
/// The registry's rules as functions from a state and a message to the next state, the effects and the reply.
/// Nothing here does anything: <see cref="RegistryActor"/> carries out what is returned.
/// </summary>
internal sealed class RegistryTransitions(RegistrySettings settings, TimeProvider time)
{
    private static readonly IReadOnlyList<RegistryEffect> None = [];
    private readonly RankExpansion _ranks = new(settings, time);

    public RegistryTransition Apply(RegistryState state, ICommand command) => command switch
    {
        Register register => Apply(state, register),
        Replace replace => Edit(state, replace.Id, replace.ExpectedRevision, replace.Spec, replace.Revision),
        Update update => Edit(state, update.Id, update.ExpectedRevision, update.Patch),
        Drain drain => Apply(state, drain),
        Remove remove => Apply(state, remove),
        SetPolicy choice => Apply(state, choice),
        _ => throw new ArgumentException($"unknown command {command.GetType().Name}", nameof(command)),
    };

    /// <summary>A report of an older epoch, of a worker that is gone, or against the order of states changes nothing.</summary>
    public RegistryTransition Apply(RegistryState state, IReport report)
    {
        if (!state.Workers.TryGetValue(report.Id, out var entry) || entry.Worker.Epoch != report.Epoch)
            return Unchanged(state);
        if (entry.State == WorkerState.Draining)
            return report is Drained or Failed or Reborn ? Forget(state, entry, reply: null) : Unchanged(state);
        return report switch
        {
            BecameReady ready when IsAlive(entry) && Serves(entry, ready.Facts) => BecomeReady(state, entry, ready.Facts),
            BecameNotReady notReady when entry.State == WorkerState.Ready =>
                Move(state, entry, WorkerState.NotReady, notReady.Reason),
            StillPending pending when IsAlive(entry) && entry.State is WorkerState.Pending or WorkerState.Failed =>
                Move(state, entry, WorkerState.Pending, pending.Reason),
            Unreachable unreachable when entry.State is WorkerState.Pending =>
                Move(state, entry, WorkerState.Failed, unreachable.Reason),
            Failed failed when IsAlive(entry) =>
                Move(state, entry with { IsLost = true }, WorkerState.Failed, failed.Reason) with
                {
                    Effects = [new RegistryEffect.Close(entry.Worker)],
                },
            Reborn when entry.IsLost => Rebirth(state, entry, entry.Reason),
            _ => Unchanged(state),
        };
    }

    /// <summary>Gives every worker a new incarnation; those that were draining are taken away.</summary>
    public RegistryTransition Apply(RegistryState state, WorkersLost _)
    {
        var effects = new List<RegistryEffect>();
        foreach (var entry in state.Workers.Values.OrderBy(static entry => entry.Ordinal))
        {
            var step = entry.State == WorkerState.Draining
                ? Forget(state, entry, reply: null)
                : Rebirth(state, entry, "the worker supervisor was restarted");
            state = step.State;
            effects.AddRange(step.Effects);
        }

        return new RegistryTransition(state, effects, null);
    }

    private RegistryTransition BecomeReady(RegistryState state, WorkerEntry entry, WorkerFacts facts)
    {
        var worker = entry.Worker.WithFacts(facts);
        if (entry.State is WorkerState.Ready or WorkerState.NotReady && !_ranks.IsSettled(worker))
            return Incarnate(state, entry, worker.Spec, facts, worker.Revision, "reconnecting: the engine has another number of data-parallel ranks");
        (state, worker) = _ranks.Settle(state, worker);
        return Move(state, entry, WorkerState.Ready, "", worker);
    }

    private static RegistryTransition Apply(RegistryState state, SetPolicy command)
    {
        if (command.Policy is { } policy && !PolicyCatalog.Contains(policy))
            return RefuseUnknownPolicy(state, policy);
        var model = command.Model is { } name ? CanonicalId(state, name) : null;
        if (model is null && command.Model is not null)
            return Refuse(state, Refusal.UnknownModel, $"no worker serves a model '{command.Model}'", null);
        var policies = state.Policies.With(model, command.Role, command.Policy);
        var changed = policies != state.Policies;
        return new RegistryTransition(
            changed ? state.With(model, policies) : state, None, new PolicySet(model, Version: 0, changed));
    }

    private static string? CanonicalId(RegistryState state, string name) =>
        state.Members.ContainsKey(name) || state.Policies.Knows(name) ? name
        : state.AliasClaims.TryGetValue(name, out var claims) ? claims.First().Value
        : null;

    private RegistryTransition Apply(RegistryState state, Register command)
    {
        if (UnknownPolicyOf(command.Spec) is { } policy)
            return RefuseUnknownPolicy(state, policy);
        if (state.ByPlace.TryGetValue(command.Spec.Url.Place, out var id))
        {
            var taken = state.Workers[id];
            if (taken.State == WorkerState.Draining)
                return Refuse(state, Refusal.Draining, $"{command.Spec.Url} is being drained", id);
            return taken.Worker.Spec == command.Spec
                ? Accept(state, taken.Worker, changed: false)
                : Refuse(state, Refusal.UrlTaken, $"another worker is registered on {command.Spec.Url}", id);
        }

        if (ClashOf(state, command.Spec.Url) is { } clash)
            return clash;
        var epoch = state.LastEpoch + 1;
        var ordinal = state.LastOrdinal + 1;
        state = state with { LastEpoch = epoch, LastOrdinal = ordinal };
        (state, var worker) = _ranks.Settle(
            state, new Worker(WorkerId.Of(command.Spec.Url), epoch, command.Revision, command.Spec, WorkerFacts.Unknown, settings.Breaker, time, command.Origin));
        var entry = new WorkerEntry(worker, WorkerState.Pending, "not yet connected", time.GetUtcNow(), command.Origin, ordinal);
        return Accept(state.With(null, entry), worker, changed: true) with { Effects = [new RegistryEffect.Start(worker)] };
    }

    /// <summary>An engine is registered as a whole or rank by rank: both at once would send twice to the same ranks.</summary>
    private static RegistryTransition? ClashOf(RegistryState state, WorkerUrl url)
    {
        if (url.Rank is null)
        {
            return state.RegisteredRanks.ContainsKey(url.Place)
                ? Refuse(state, Refusal.EngineTaken, $"ranks of {url} are registered one by one", null)
                : null;
        }

        if (!state.ByPlace.TryGetValue(url.Engine, out var id))
            return null;
        var whole = state.Workers[id];
        return whole.State == WorkerState.Draining
            ? Refuse(state, Refusal.Draining, $"{whole.Worker.Spec.Url} is being drained", id)
            : Refuse(state, Refusal.EngineTaken, $"{whole.Worker.Spec.Url} is registered with all its ranks", id);
    }

    private RegistryTransition Edit(RegistryState state, WorkerId id, long? expectedRevision, WorkerPatch patch) =>
        Edit(state, id, expectedRevision, state.Workers.TryGetValue(id, out var entry) ? patch.Apply(entry.Worker.Spec) : null);

    private RegistryTransition Edit(
        RegistryState state, WorkerId id, long? expectedRevision, WorkerSpec? spec, long? nextRevision = null)
    {
        if (spec is null || !state.Workers.TryGetValue(id, out var entry))
            return RefuseUnknown(state, id);
        var worker = entry.Worker;
        if (expectedRevision is { } revision && revision != worker.Revision)
            return Refuse(state, Refusal.RevisionMismatch, $"worker {id} has revision {worker.Revision}, not {revision}", id);
        if (spec.Url != worker.Spec.Url)
            return Refuse(state, Refusal.UrlChanged, $"worker {id} is {worker.Spec.Url}; register {spec.Url} as a worker of its own", id);
        if (entry.State == WorkerState.Draining)
            return Refuse(state, Refusal.Draining, $"worker {id} is being drained", id);
        if (UnknownPolicyOf(spec) is { } policy)
            return RefuseUnknownPolicy(state, policy);
        var next = Math.Max(nextRevision ?? worker.Revision + 1, worker.Revision);
        if (spec == worker.Spec && (nextRevision is null || next == worker.Revision))
            return Accept(state, worker, changed: false);
        return worker.Spec.NeedsNewIncarnation(spec)
            ? Reincarnate(state, entry, spec, next)
            : EditInPlace(state, entry, worker.WithSpec(spec, next));
    }

    private static RegistryTransition EditInPlace(RegistryState state, WorkerEntry entry, Worker edited) =>
        Accept(state.With(entry, entry with { Worker = edited }), edited, changed: true) with
        {
            Effects = [new RegistryEffect.Retune(edited)],
        };

    private RegistryTransition Reincarnate(RegistryState state, WorkerEntry entry, WorkerSpec spec, long revision)
    {
        var step = Incarnate(state, entry, spec, WorkerFacts.Unknown, revision, "its configuration was replaced");
        return step with { Reply = Reply(step.State.Workers[entry.Worker.Id].Worker, changed: true) };
    }

    /// <summary>
    /// What the engine served before stays listed, so that a model whose workers are all being reborn is unavailable, not unknown.
    /// It becomes routable only with the facts that the new incarnation finds out itself.
    /// </summary>
    private RegistryTransition Rebirth(RegistryState state, WorkerEntry entry, string reason) =>
        Incarnate(state, entry, entry.Worker.Spec, entry.Worker.Facts, entry.Worker.Revision, $"reconnecting: {reason}");

    private RegistryTransition Incarnate(
        RegistryState state, WorkerEntry entry, WorkerSpec spec, WorkerFacts facts, long revision, string reason)
    {
        var old = entry.Worker;
        var epoch = state.LastEpoch + 1;
        (state, var worker) = _ranks.Settle(
            state with { LastEpoch = epoch }, new Worker(old.Id, epoch, revision, spec, facts, settings.Breaker, time, entry.Origin));
        var next = entry with
        {
            Worker = worker,
            State = WorkerState.Pending,
            Reason = reason,
            Since = time.GetUtcNow(),
            IsLost = false,
        };
        return new RegistryTransition(
            state.With(entry, next),
            [new RegistryEffect.Close(old), new RegistryEffect.Stop(old), new RegistryEffect.Start(worker)],
            null);
    }

    private RegistryTransition Apply(RegistryState state, Drain command)
    {
        if (!state.Workers.TryGetValue(command.Id, out var entry))
            return RefuseUnknown(state, command.Id);
        var worker = entry.Worker;
        if (entry.State == WorkerState.Draining && command.Deadline is null)
            return Accept(state, worker, changed: false);
        var deadline = command.Deadline ?? worker.Spec.Health?.DrainTimeout ?? settings.DrainTimeout;
        var next = Stamp(entry, WorkerState.Draining, command.Reason);
        return Accept(state.With(entry, next), worker, changed: true) with
        {
            Effects = [new RegistryEffect.Close(worker), new RegistryEffect.BeginDrain(worker, deadline)],
        };
    }

    private static RegistryTransition Apply(RegistryState state, Remove command) =>
        state.Workers.TryGetValue(command.Id, out var entry)
            ? Forget(state, entry, Reply(entry.Worker, changed: true))
            : RefuseUnknown(state, command.Id);

    private static RegistryTransition Forget(RegistryState state, WorkerEntry entry, IReply? reply) => new(
        state.With(entry, null),
        [new RegistryEffect.Close(entry.Worker), new RegistryEffect.Stop(entry.Worker)],
        reply);

    private RegistryTransition Move(RegistryState state, WorkerEntry entry, WorkerState to, string reason, Worker? worker = null)
    {
        var next = Stamp(entry, to, reason) with { Worker = worker ?? entry.Worker };
        var previous = state.Workers[entry.Worker.Id];
        return new RegistryTransition(next == previous ? state : state.With(previous, next), None, null);
    }

    private WorkerEntry Stamp(WorkerEntry entry, WorkerState to, string reason) => entry with
    {
        State = to,
        Reason = reason,
        Since = entry.State == to ? entry.Since : time.GetUtcNow(),
    };

    /// <summary>An incarnation that was closed never becomes routable again.</summary>
    private static bool IsAlive(WorkerEntry entry) => !entry.IsLost;

    private static bool Serves(WorkerEntry entry, WorkerFacts facts) =>
        !entry.Worker.Spec.Models.IsEmpty || !facts.Models.IsEmpty;

    private static RegistryTransition Unchanged(RegistryState state) => new(state, None, null);

    private static RegistryTransition Accept(RegistryState state, Worker worker, bool changed) =>
        new(state, None, Reply(worker, changed));

    /// <summary>The version is filled in when it is published.</summary>
    private static Accepted Reply(Worker worker, bool changed) =>
        new(worker.Id, worker.Epoch, worker.Revision, Version: 0, changed);

    private static string? UnknownPolicyOf(WorkerSpec spec) =>
        spec.Labels[PolicyChoice.Label] is { } label && !PolicyCatalog.Contains(label) ? label : null;

    private static RegistryTransition RefuseUnknownPolicy(RegistryState state, string name) => Refuse(
        state,
        Refusal.UnknownPolicy,
        $"unknown policy '{name}'; one of {string.Join(", ", PolicyCatalog.Names.Order(StringComparer.Ordinal))}",
        null);

    private static RegistryTransition RefuseUnknown(RegistryState state, WorkerId id)
    {
        var whole = state.Workers.Values.FirstOrDefault(entry => entry.Worker.Ranks.Any(rank => rank.Id == id))?.Worker;
        return whole is null
            ? Refuse(state, Refusal.UnknownWorker, $"no worker {id}", null)
            : Refuse(state, Refusal.IsRank, $"worker {id} is a rank of worker {whole.Id} and goes with it", whole.Id);
    }

    private static RegistryTransition Refuse(RegistryState state, Refusal refusal, string message, WorkerId? id) =>
        new(state, None, new Refused(refusal, message, id));
}
