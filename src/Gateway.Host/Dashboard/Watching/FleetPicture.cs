using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Api.Admin;

namespace Gateway.Host.Dashboard.Watching;

/// <summary>
/// What one watcher has been told of the workers, so that he is told only what is different. As large as the fleet, and gone with the watcher.
/// </summary>
internal sealed class FleetPicture
{
    private readonly Dictionary<WorkerId, Told> _told = [];
    private readonly List<WorkerEntry> _described = [];
    private readonly List<(WorkerId Id, Figures Figures)> _moved = [];
    private readonly List<WorkerId> _gone = [];
    private int _look;

    /// <summary>Looks at the fleet.</summary>
    /// <returns>True if there is something to tell, with <see cref="Write"/>, before the next look.</returns>
    public bool Look(RegistrySnapshot fleet)
    {
        _described.Clear();
        _moved.Clear();
        _gone.Clear();
        _look++;
        foreach (var entry in fleet.Workers.Values)
        {
            if (entry.Worker.Ranks.IsEmpty)
            {
                Look(entry);
                continue;
            }

            foreach (var one in entry.WithRanks())
                Look(one);
        }

        foreach (var (id, told) in _told)
        {
            if (told.SeenInLook != _look)
                _gone.Add(id);
        }

        foreach (var id in _gone)
            _told.Remove(id);
        return _described.Count + _moved.Count + _gone.Count > 0;
    }

    /// <summary>Writes the fields into an object that is open: <c>workers</c> anew, <c>figures</c> of others, and which are <c>gone</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray("workers"u8);
        foreach (var entry in _described.OrderBy(static entry => entry.Ordinal))
            WorkerJson.Write(json, entry);
        json.WriteEndArray();
        json.WriteStartArray("figures"u8);
        foreach (var (id, figures) in _moved)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id.Value);
            WorkerJson.Write(json, figures);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("gone"u8);
        foreach (var id in _gone)
            json.WriteStringValue(id.Value);
        json.WriteEndArray();
    }

    private void Look(WorkerEntry entry)
    {
        ref var told = ref CollectionsMarshal.GetValueRefOrAddDefault(_told, entry.Worker.Id, out _);
        var figures = Figures.Of(entry.Worker);
        // Entries are immutable, and a rank's is made anew each time.
        if (told.Worker != entry.Worker || told.State != entry.State || told.Since != entry.Since || told.Reason != entry.Reason)
            _described.Add(entry);
        else if (told.Figures != figures)
            _moved.Add((entry.Worker.Id, figures));
        told = new Told(entry.Worker, entry.State, entry.Since, entry.Reason, figures, _look);
    }

    private readonly record struct Told(Worker Worker, WorkerState State, DateTimeOffset Since, string Reason, Figures Figures, int SeenInLook);
}

/// <summary>What moves all the time.</summary>
internal readonly record struct Figures(int Load, int PeerLoad, BreakerStatus Breaker, int? Running, int? Waiting, double? KvUsage)
{
    public static Figures Of(Worker worker)
    {
        var engine = worker.EngineLoad;
        return new Figures(worker.Load, worker.PeerLoad, worker.Breaker.Status, engine?.Running, engine?.Waiting, engine?.KvUsage);
    }
}
