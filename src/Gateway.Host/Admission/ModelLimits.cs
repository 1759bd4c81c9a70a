using System.Collections.Concurrent;
using System.Collections.Frozen;
using Gateway.Actors.Registry;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// How many requests of each model may run: as many as its workers say they run at once, and no more than is configured for it, or for
/// every model.
/// There are as many as there have been models in the registry.
/// </summary>
internal sealed class ModelLimits(GatewayOptions options, ICapacitySource capacity)
{
    private readonly ConcurrentDictionary<string, Entry> _byModel = new(StringComparer.Ordinal);
    private readonly FrozenDictionary<string, int> _configured = options.Models
        .Where(static model => model.MaxConcurrentRequests is not null)
        .ToFrozenDictionary(static model => model.Id, static model => model.MaxConcurrentRequests!.Value, StringComparer.Ordinal);

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

    private int Now(ModelSnapshot model)
    {
        var configured = _configured.GetValueOrDefault(model.Id, options.Limits.MaxConcurrentRequestsPerModel);
        return capacity.CapacityOf(model) switch
        {
            null => configured,
            { } known => configured > 0 ? Math.Min(known, configured) : known,
        };
    }

    private sealed class Entry
    {
        public readonly ConcurrencyLimit Limit = new(0);

        /// <summary>Of the snapshot it was last brought up to date with.</summary>
        public long Version = -1;
    }
}
