using System.Text;
using Akka.Actor;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Tests.Fleet;

/// <summary>The real registry, supervisor and workers' actors, driven by operations; and what must hold after each of them.</summary>
internal sealed class FleetUnderTest() : FleetTestKit(isQuiet: true, settings: new RegistrySettings
{
    Health = new HealthSettings { Interval = TimeSpan.FromSeconds(5) },
    // Leases are the subject here, not breakers: an open one would refuse them.
    Breaker = new BreakerSettings { Disabled = true },
    DrainTimeout = TimeSpan.FromSeconds(20),
    IsDataParallelAware = true,
})
{
    // The last one is a rank of the first one's engine.
    private static readonly string[] Urls = ["http://a:1", "http://b:1", "http://c:1", "http://d:1", "http://a:1@1"];

    private static readonly string[] Names = ["m", "n", "alias", "shared", "n-alias", "unheard-of"];

    private static readonly string?[] Policies = [null, "round_robin", "prefix_hash", "manual", "no such policy"];

    private static readonly EquatableArray<ModelCard>[] ModelSets =
    [
        [],
        [new ModelCard("m")],
        [new ModelCard("m", ["alias", "shared"])],
        [new ModelCard("n", ["shared", "n-alias", "m"])],
        [new ModelCard("m"), new ModelCard("n", ["m", "alias"])],
        [new ModelCard(ModelCard.Wildcard)],
    ];

    private readonly Dictionary<string, string?> _chosen = [];
    private readonly Dictionary<long, int> _liveLeases = [];
    private readonly List<WorkerLease> _leases = [];
    private readonly Dictionary<long, Worker> _incarnations = [];
    private readonly Dictionary<WorkerId, long> _epochs = [];
    private RegistrySnapshot _last = RegistrySnapshot.Empty;
    private RegistrySnapshot _remembered = RegistrySnapshot.Empty;

    public void Do(FleetOperation operation)
    {
        switch (operation)
        {
            case RegisterWorker(var url, var models, var ranks):
                OnRegister(Spec(url, models, ranks));
                break;
            case ReplaceWorker(var url, var models, var ranks, var stale) when Find(url) is { } entry:
                OnReplace(entry, Spec(url, models, ranks), stale);
                break;
            case EditWorker(var url, var priority) when Find(url) is { } entry:
                Send(new Update(entry.Worker.Id, new WorkerPatch { Priority = priority }));
                break;
            case RemoveWorker(var url) when Find(url) is { } entry:
                Send(new Remove(entry.Worker.Id));
                Assert.DoesNotContain(entry.Worker.Id, Current.Workers.Keys);
                break;
            case DrainWorker(var url) when Find(url) is { } entry:
                Send(new Drain(entry.Worker.Id));
                Assert.True(entry.Worker.IsClosed);
                break;
            case ChoosePolicy(var name, var policy):
                OnChoose(Names.ElementAtOrDefault(name), Policies[policy]);
                break;
            case EngineAnswers(var url, var answer):
                EngineAt(url).Answer = Answer(answer);
                break;
            case EngineIsSlow(var url, var slow):
                EngineAt(url).IsSlow = slow;
                break;
            case LateAnswer(var url):
                EngineAt(url).LetAnswer();
                break;
            case TimePasses(var time):
                Pass(time);
                break;
            case BeginRequest(var name, var old):
                OnRequest(Names[name], old ? _remembered : Current);
                break;
            case EndRequest(var which, var outcome) when _leases.Count > 0:
                Release(which % _leases.Count, outcome);
                break;
            case RememberSnapshot:
                _remembered = Current;
                break;
            case SuspectWorker(var url) when Find(url) is { } entry:
                entry.WithRanks().Last().Worker.Suspect();
                break;
            case StaleReport(var url, var report) when Find(url) is { } entry:
                Registry.Tell(Stale(report, entry.Worker.Id, entry.Worker.Epoch - 1));
                break;
            case WorkerActorFails(var url) when Find(url) is { } entry:
                Sys.ActorSelection($"/user/registry/workers/{entry.Worker.Id}-{entry.Worker.Epoch}").Tell(new WorkerProtocol.Retune(null!));
                break;
            case SupervisorFails:
                Sys.ActorSelection("/user/registry/workers").Tell(new WorkerSupervisorProtocol.Start(null!));
                break;
            default:
                break;
        }

        Check();
    }

    /// <summary>
    /// All requests end, all engines answer well, time passes: every worker still registered is Ready, with the ranks its engine has now,
    /// and nothing is left over.
    /// </summary>
    public void Settle()
    {
        while (_leases.Count > 0)
            Release(0, AttemptOutcome.Success);
        Settle(ranks: null);
        Settle(ranks: 3);
        Settle(ranks: 2);
    }

    private void Settle(int? ranks)
    {
        for (var url = 0; url < Urls.Length; url++)
        {
            var engine = EngineAt(url);
            engine.IsSlow = false;
            engine.Answer = Make.HealthyWithRanks(ranks);
            while (engine.LetAnswer())
            {
            }
        }

        AwaitAssert(() =>
        {
            Pass(Settings.Health.MaxRetryBackoff * 3);
            Check();
            Assert.All(Current.Workers.Values, static entry => Assert.Equal(WorkerState.Ready, entry.State));
            if (ranks is not null)
                Assert.All(Current.Workers.Values, entry => Assert.Equal(ranks, entry.Worker.Facts.DataParallelSize));
            var live = Current.Workers.Values.Select(static entry => entry.Worker.Client).ToHashSet();
            Assert.DoesNotContain(null, live);
            Assert.All(Engines.Clients, client => Assert.Equal(!live.Contains(client), client.IsDisposed));
        });
        Assert.All(_incarnations.Values, static worker => Assert.Equal(0, worker.Load));
    }

    private static WorkerSpec Spec(int url, int models, int ranks) => Make.Spec(Urls[url]) with
    {
        Models = ModelSets[models],
        DataParallelSize = ranks == 0 ? null : ranks,
    };

    private static ProbeResult Answer(int answer) => answer switch
    {
        0 => Make.Healthy("m"),
        1 => Make.Healthy("n"),
        2 => Make.Healthy(),
        3 => Make.Failed(ProbeOutcome.Unhealthy),
        4 => Make.Failed(ProbeOutcome.Silent),
        5 => Make.HealthyWithRanks(1),
        6 => Make.HealthyWithRanks(2),
        7 => Make.HealthyWithRanks(3),
        _ => Make.Failed(ProbeOutcome.Unreachable),
    };

    private static IReport Stale(int report, WorkerId id, long epoch) => report switch
    {
        0 => new BecameReady(id, epoch, Make.Facts("stale")),
        1 => new BecameNotReady(id, epoch, "stale"),
        2 => new StillPending(id, epoch, "stale"),
        3 => new Unreachable(id, epoch, "stale"),
        4 => new Failed(id, epoch, "stale"),
        5 => new Reborn(id, epoch),
        _ => new Drained(id, epoch),
    };

    private WorkerEntry? Find(int url) =>
        Current.Workers.Values.SingleOrDefault(entry => entry.Worker.Spec.Url.Text == Urls[url]);

    private FakeEngine EngineAt(int url) => Engines[FakeEngines.EngineOf(WorkerUrl.Parse(Urls[url]))];

    private void OnRegister(WorkerSpec spec)
    {
        var before = Current.Workers.Values.SingleOrDefault(entry => entry.Worker.Spec.Url == spec.Url);
        switch (Send(new Register(spec, WorkerOrigin.Api)))
        {
            case Accepted accepted:
                Assert.True(before is null || before.State == WorkerState.Draining || !accepted.Changed);
                Assert.True(accepted.Version <= Current.Version);
                break;
            case Refused refused when before is null:
                Assert.Contains(Current.Workers.Values, entry => entry.Worker.Spec.Url.Engine == spec.Url.Engine);
                Assert.Contains(refused.Refusal, new[] { Refusal.EngineTaken, Refusal.Draining });
                break;
            case Refused refused:
                Assert.Contains(refused.Refusal, new[] { Refusal.UrlTaken, Refusal.Draining });
                break;
        }
    }

    private void OnReplace(WorkerEntry entry, WorkerSpec spec, bool stale)
    {
        var revision = entry.Worker.Revision;
        var reply = Send(new Replace(entry.Worker.Id, spec, stale ? revision - 1 : revision));
        if (stale)
            Assert.IsType<Refused>(reply);
        if (reply is Accepted { Changed: true } accepted)
            Assert.Equal(revision + 1, accepted.Revision);
    }

    /// <param name="name">Null chooses for all models.</param>
    private void OnChoose(string? name, string? policy)
    {
        if (Send(new SetPolicy(name, null, policy)) is PolicySet set)
            _chosen[set.Model ?? ""] = policy;
    }

    private void OnRequest(string name, RegistrySnapshot snapshot)
    {
        if (snapshot.FindModel(Encoding.UTF8.GetBytes(name)) is not { Ready: { IsEmpty: false } ready })
            return;
        var worker = ready[_leases.Count % ready.Length];
        var taken = WorkerLease.TryAcquire(worker, out var lease);
        if (snapshot == Current)
            Assert.True(taken, "a worker of the current snapshot refused a request");
        if (!taken)
            return;
        var entry = Current.Find(worker.Id);
        Assert.Equal(worker.Epoch, entry?.Worker.Epoch);
        Assert.NotEqual(WorkerState.Draining, entry!.State);
        Assert.NotEqual(WorkerState.Failed, entry.State);
        _leases.Add(lease);
        _liveLeases[worker.Epoch] = _liveLeases.GetValueOrDefault(worker.Epoch) + 1;
    }

    private void Release(int index, AttemptOutcome outcome)
    {
        var lease = _leases[index];
        _liveLeases[lease.Worker.Epoch]--;
        lease.Release(outcome);
        lease.Release(outcome);
        _leases.RemoveAt(index);
    }

    private void Check()
    {
        var snapshot = Current;
        Assert.True(snapshot == _last || snapshot.Version > _last.Version, "a version came twice");
        WorkerEntry[] entries = [.. snapshot.Workers.Values.SelectMany(static entry => entry.WithRanks())];
        foreach (var entry in entries)
        {
            var worker = entry.Worker;
            Assert.Equal(worker.Id, _incarnations.GetValueOrDefault(worker.Epoch, worker).Id);
            _incarnations[worker.Epoch] = worker;
            Assert.True(worker.Epoch >= _epochs.GetValueOrDefault(worker.Id), "an epoch went back");
            _epochs[worker.Id] = worker.Epoch;
            if (entry.State == WorkerState.Ready && worker.Whole is null)
                Assert.Equal(ExpectedRanks(worker), worker.Ranks.Select(static rank => rank.Spec.Url.Text));
        }

        Assert.Equal(entries.Length, entries.Select(static entry => entry.Worker.Spec.Url.Text).Distinct().Count());
        Assert.Equal(entries.Length, entries.Select(static entry => entry.Worker.Id).Distinct().Count());
        foreach (var (epoch, worker) in _incarnations)
            Assert.Equal(_liveLeases.GetValueOrDefault(epoch) + worker.Ranks.Sum(rank => _liveLeases.GetValueOrDefault(rank.Epoch)), worker.Load);
        foreach (var lease in _leases)
            Assert.False(((FakeClient)lease.Worker.Client!).IsDisposed, "a request runs on a client that was disposed of");
        foreach (var name in Names)
            Assert.Equal(ExpectedReady(snapshot, name), snapshot.FindModel(Encoding.UTF8.GetBytes(name))?.Ready.ToArray());
        foreach (var (id, model) in snapshot.Models)
            Assert.Equal(_chosen.GetValueOrDefault(id) ?? _chosen.GetValueOrDefault("") ?? Settings.Policy, model.Policies.Regular.Choice.Name);
        _last = snapshot;
    }

    /// <summary>The ranks that a ready worker must be served by.</summary>
    private static IEnumerable<string> ExpectedRanks(Worker worker)
    {
        var (configured, found) = (worker.Spec.DataParallelSize, worker.Facts.DataParallelSize);
        var count = worker.Spec.Url.Rank is not null ? 0 : configured is null ? found ?? 0 : Math.Min(configured.Value, found ?? configured.Value);
        return Enumerable.Range(0, count > 1 ? count : 0).Select(rank => $"{worker.Spec.Url}@{rank}");
    }

    /// <summary>What the request path must find under a name, worked out from the entries alone; null for an unknown model.</summary>
    private static Worker[]? ExpectedReady(RegistrySnapshot snapshot, string name)
    {
        var entries = snapshot.Workers.Values.OrderBy(static entry => entry.Ordinal).ToArray();
        var id = entries.Any(entry => entry.Worker.Models.Any(card => card.Id == name))
            ? name
            : entries.SelectMany(static entry => entry.Worker.Models).FirstOrDefault(card => card.Aliases.Contains(name))?.Id;
        bool IsWildcard(WorkerEntry entry) => entry.Worker.Models.Any(static card => card.IsWildcard);
        if (id is null && !entries.Any(IsWildcard))
            return null;
        foreach (var entry in entries.SelectMany(static entry => entry.WithRanks()).Where(static entry => entry.State == WorkerState.Ready))
        {
            Assert.NotNull(entry.Worker.Client);
            Assert.False(entry.Worker.IsClosed);
            Assert.False(entry.Worker.Models.IsEmpty);
        }

        return
        [
            .. entries
                .Where(entry => entry.State == WorkerState.Ready)
                .Where(entry => IsWildcard(entry) || entry.Worker.Models.Any(card => card.Id == id))
                .SelectMany(static entry => entry.Worker.Ranks.IsEmpty ? [entry.Worker] : entry.Worker.Ranks),
        ];
    }
}
