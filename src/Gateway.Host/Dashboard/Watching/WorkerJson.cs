using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Api.Admin;
using Gateway.Host.Configuration;

namespace Gateway.Host.Dashboard.Watching;

/// <summary>How the dashboard's events tell of a worker: the fields of <c>GET /workers</c> that a table has room for, in its words.</summary>
internal static class WorkerJson
{
    /// <summary>Writes it as an object.</summary>
    public static void Write(Utf8JsonWriter json, WorkerEntry entry)
    {
        var worker = entry.Worker;
        json.WriteStartObject();
        json.WriteString("id"u8, worker.Id.Value);
        json.WriteNumber("ordinal"u8, entry.Ordinal);
        json.WriteString("url"u8, worker.Spec.Url.Text);
        json.WriteStartArray("models"u8);
        foreach (var card in worker.Models)
            json.WriteStringValue(card.Id);
        json.WriteEndArray();
        json.WriteString("worker_type"u8, WorkerSpecWords.Roles.WordOf(worker.Spec.Role));
        json.WriteString("connection_mode"u8, WorkerSpecWords.Modes.WordOf(WorkerInfo.ModeOf(worker)));
        json.WriteString("runtime_type"u8, WorkerSpecWords.Runtimes.WordOf(
            worker.Spec.Runtime == EngineRuntime.Unspecified ? worker.Facts.Runtime : worker.Spec.Runtime));
        json.WriteString("engine_version"u8, worker.Facts.EngineVersion);
        if (worker.Spec.Url.Rank is { } rank)
            json.WriteNumber("dp_rank"u8, rank);
        if (worker.Whole is { } whole)
            json.WriteString("belongs_to"u8, whole.Value);
        if (!worker.Ranks.IsEmpty)
            json.WriteNumber("ranks"u8, worker.Ranks.Length);
        json.WriteString("status"u8, WorkerInfo.StatusWord(entry.State));
        json.WriteString("reason"u8, entry.Reason);
        json.WriteNumber("since"u8, entry.Since.ToUnixTimeMilliseconds());
        json.WriteString("origin"u8, WorkerInfo.OriginWord(entry.Origin));
        json.WriteNumber("epoch"u8, worker.Epoch);
        json.WriteNumber("revision"u8, worker.Revision);
        json.WriteNumber("priority"u8, worker.Spec.Priority);
        Write(json, Figures.Of(worker));
        json.WriteEndObject();
    }

    /// <summary>Writes the fields into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, Figures figures)
    {
        json.WriteNumber("load"u8, figures.Load);
        json.WriteNumber("peer_load"u8, figures.PeerLoad);
        json.WriteString("breaker"u8, WorkerInfo.BreakerWord(figures.Breaker));
        if (figures is not { Running: { } running, Waiting: { } waiting, KvUsage: { } kvUsage })
            return;
        json.WriteNumber("engine_running"u8, running);
        json.WriteNumber("engine_waiting"u8, waiting);
        json.WriteNumber("kv_usage"u8, Math.Round(kvUsage, 3));
    }
}
