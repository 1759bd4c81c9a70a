using System.Collections.Concurrent;
using Gateway.Actors.Registry;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// How many requests of each model may run: as many as its workers say they run at once, and no more than is configured.
/// There are as many as there have been models in the registry.
/// </summary>
internal sealed class ModelLimits(GatewayOptions options, ICapacitySource capacity)
{
    private readonly ConcurrentDictionary<string, Entry> _byModel = new(StringComparer.Ordinal);
    private readonly int _configured = options.Limits.MaxConcurrentRequestsPerModel;

    /// <summary>The model's limit, brought up to date if its workers have changed.</summary>
    public ConcurrencyLimit Of(ModelSnapshot model)
    {
        if (!_byModel.TryGetValue(model.Id, out var entry))
            entry = _byModel.GetOrAdd(model.Id, static _ => new Entry());
        // A request that still holds an older snapshot changes nothing.
        if (Volatile.Read(ref entry.Version) < model.Version)
        {
            lock (entry)
            {
                if (entry.Version < model.Version)
                {
                    entry.Limit.Limit = Now(model);
                    Volatile.Write(ref entry.Version, model.Version);
                }
            }
        }

        return entry.Limit;
    }

    private int Now(ModelSnapshot model) => capacity.CapacityOf(model) switch
    {
        null => _configured,
        { } known => _configured > 0 ? Math.Min(known, _configured) : known,
    };

    private sealed class Entry
    {
        public readonly ConcurrencyLimit Limit = new(0);

        /// <summary>Of the snapshot it was last brought up to date with.</summary>
        public long Version = -1;
    }
}
