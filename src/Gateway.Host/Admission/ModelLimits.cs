using System.Collections.Concurrent;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// How many requests of each model may run: as many as its workers say they run at once, and no more than is configured.
/// There are as many as models have been asked for. <see cref="CapacityFollower"/> keeps them in step with the fleet.
/// </summary>
internal sealed class ModelLimits(GatewayOptions options, ICapacitySource capacity, RegistryView view)
{
    private readonly ConcurrentDictionary<string, Entry> _byModel = new(StringComparer.Ordinal);
    private readonly int _configured = options.Limits.MaxConcurrentRequestsPerModel;

    public ConcurrencyLimit Of(ModelSnapshot model) =>
        _byModel.TryGetValue(model.Id, out var entry) ? entry.Limit : Begin(model.Id);

    /// <summary>Brings the limits up to date with the fleet.</summary>
    public void Adapt(RegistrySnapshot fleet, LeavingLoads leaving)
    {
        foreach (var (id, entry) in _byModel)
            Adapt(id, entry, fleet, leaving);
    }

    private ConcurrencyLimit Begin(string id)
    {
        var entry = _byModel.GetOrAdd(id, static _ => new Entry());
        // Read after the entry can be seen: either this snapshot is the latest, or the follower will bring a later one.
        var fleet = view.Current;
        Adapt(id, entry, fleet, LeavingLoads.In(fleet));
        return entry.Limit;
    }

    private void Adapt(string id, Entry entry, RegistrySnapshot fleet, LeavingLoads leaving)
    {
        var model = id == ModelCard.Wildcard ? fleet.Wildcard : fleet.Models.GetValueOrDefault(id);
        var limit = ConcurrencyLimit.Least(_configured, model is null ? null : capacity.CapacityOf(model) + leaving.Of(id));
        lock (entry)
        {
            if (fleet.Version < entry.Version)
                return;
            entry.Version = fleet.Version;
            entry.Limit.Limit = limit;
        }
    }

    private sealed class Entry
    {
        public readonly ConcurrencyLimit Limit = new(0);

        /// <summary>Of the snapshot it was last brought up to date with.</summary>
        public long Version = -1;
    }
}
