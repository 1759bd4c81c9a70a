using Gateway.Actors.Registry;

namespace Gateway.Actors.Workers;

/// <summary>Whether and how often a worker's engine is asked for its load.</summary>
/// <param name="view">Says which policies the worker's models have by now.</param>
/// <param name="interval">Time between two questions.</param>
/// <param name="time">Stamps the answers.</param>
internal sealed class LoadMonitor(RegistryView view, TimeSpan interval, TimeProvider time)
{
    /// <summary>A worker that has just become ready is first asked sooner.</summary>
    private static readonly TimeSpan LongestFirstWait = TimeSpan.FromSeconds(1);

    public TimeSpan Interval => interval;

    public TimeSpan FirstWait => interval < LongestFirstWait ? interval : LongestFirstWait;

    public TimeProvider Time => time;

    /// <summary>True if one of these models has, for workers of this role, a policy that looks at loads.</summary>
    public bool IsWanted(EquatableArray<ModelCard> models, WorkerRole role)
    {
        var snapshot = view.Current;
        foreach (var card in models)
        {
            if (card.IsWildcard)
                return WantsAny(snapshot, role);
            if (Wants(snapshot.Models.GetValueOrDefault(card.Id), role))
                return true;
        }

        return false;
    }

    /// <summary>The incarnation as it is published, with the ranks it is served by; as given if it is not published any more.</summary>
    public Worker Published(Worker worker) =>
        view.Current.Workers.TryGetValue(worker.Id, out var entry) && entry.Worker.Epoch == worker.Epoch ? entry.Worker : worker;

    private static bool WantsAny(RegistrySnapshot snapshot, WorkerRole role)
    {
        foreach (var (_, model) in snapshot.Models)
        {
            if (Wants(model, role))
                return true;
        }

        return Wants(snapshot.Wildcard, role);
    }

    private static bool Wants(ModelSnapshot? model, WorkerRole role) => model is not null && model.PolicyFor(role).NeedsLoadReports;
}
