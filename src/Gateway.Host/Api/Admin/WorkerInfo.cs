using System.Text.Json;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Api.Admin;

/// <summary>
/// How the control plane shows a worker: its description with what was discovered filled in, its state, and the state's story.
/// </summary>
internal static class WorkerInfo
{
    /// <summary>What is not part of a description. Accepted and ignored in a PUT, so that what was read can be edited and sent back.</summary>
    public static IReadOnlyList<string> StateFields { get; } =
    [
        "id", "is_healthy", "status", "load", "peer_load", "job_status", "epoch", "revision", "reason", "since", "origin", "breaker", "discovered",
        "dp_ranks", "belongs_to", WorkerRegistration.LeaseField, "lease_expires",
    ];

    /// <summary>Writes the fields into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, WorkerEntry entry, RegistrationLease? lease = null)
    {
        var worker = entry.Worker;
        json.WriteString("id"u8, worker.Id.Value);
        json.WriteString("model_id"u8, worker.Models.IsEmpty || worker.Models[0].IsWildcard ? null : worker.Models[0].Id);
        WorkerSpecWriter.Write(json, Effective(worker), ModeOf(worker));
        WriteRanks(json, worker);
        json.WriteBoolean("is_healthy"u8, entry.State == WorkerState.Ready);
        json.WriteString("status"u8, StatusWord(entry.State));
        json.WriteNumber("load"u8, worker.Load);
        // Only in a cluster is there something to say.
        if (worker.PeerLoad is > 0 and var peerLoad)
            json.WriteNumber("peer_load"u8, peerLoad);
        WriteJob(json, entry);
        json.WriteNumber("epoch"u8, worker.Epoch);
        json.WriteNumber("revision"u8, worker.Revision);
        json.WriteString("reason"u8, entry.Reason);
        json.WriteString("since"u8, entry.Since);
        json.WriteString("origin"u8, OriginWord(entry.Origin));
        WriteLease(json, lease);
        json.WriteString("breaker"u8, BreakerWord(worker.Breaker.Status));
        WriteFacts(json, worker.Facts);
    }

    /// <summary>Writes nothing for a worker that stays without renewals.</summary>
    public static void WriteLease(Utf8JsonWriter json, RegistrationLease? lease)
    {
        if (lease is null)
            return;
        WorkerSpecWriter.WriteSeconds(json, WorkerRegistration.LeaseField, lease.Duration);
        json.WriteString("lease_expires"u8, lease.Expires);
    }

    private static void WriteRanks(Utf8JsonWriter json, Worker worker)
    {
        WorkerSpecWriter.WriteNumber(json, "dp_rank", worker.Spec.Url.Rank);
        if (worker.Whole is { } whole)
            json.WriteString("belongs_to"u8, whole.Value);
        if (worker.Ranks.IsEmpty)
            return;
        json.WriteStartArray("dp_ranks"u8);
        foreach (var rank in worker.Ranks)
            json.WriteStringValue(rank.Id.Value);
        json.WriteEndArray();
    }

    private static WorkerSpec Effective(Worker worker) => worker.Spec with
    {
        // Not those with discovered lengths: sent back, they would be an edit.
        Models = worker.Spec.Models.IsEmpty ? worker.Models : worker.Spec.Models,
        Runtime = worker.Spec.Runtime == EngineRuntime.Unspecified ? worker.Facts.Runtime : worker.Spec.Runtime,
    };

    internal static ConnectionMode ModeOf(Worker worker) =>
        worker.Spec.Url.Mode == ConnectionMode.Auto ? worker.Facts.Mode : worker.Spec.Url.Mode;

    /// <summary>Scripts wait for a registration by looking at its job. Here there is one as long as the worker is on its way.</summary>
    private static void WriteJob(Utf8JsonWriter json, WorkerEntry entry)
    {
        (string Type, string Status)? job = entry.State switch
        {
            WorkerState.Pending => ("AddWorker", "processing"),
            WorkerState.Failed => ("AddWorker", "failed"),
            WorkerState.Draining => ("RemoveWorker", "processing"),
            _ => null,
        };
        if (job is not { } running)
            return;
        json.WriteStartObject("job_status"u8);
        json.WriteString("job_type"u8, running.Type);
        json.WriteString("worker_url"u8, entry.Worker.Spec.Url.Text);
        json.WriteString("status"u8, running.Status);
        json.WriteString("message"u8, entry.Reason);
        json.WriteNumber("timestamp"u8, entry.Since.ToUnixTimeSeconds());
        json.WriteEndObject();
    }

    private static void WriteFacts(Utf8JsonWriter json, WorkerFacts facts)
    {
        json.WriteStartObject("discovered"u8);
        json.WriteString("connection_mode"u8, WorkerSpecWords.Modes.WordOf(facts.Mode));
        json.WriteString("runtime_type"u8, WorkerSpecWords.Runtimes.WordOf(facts.Runtime));
        json.WriteString("engine_version"u8, facts.EngineVersion);
        WorkerSpecWriter.WriteNumber(json, "dp_size", facts.DataParallelSize);
        WorkerSpecWriter.WriteNumber(json, "max_running_requests", facts.MaxRunningRequests);
        WorkerSpecWriter.WriteModels(json, facts.Models);
        json.WriteEndObject();
    }

    internal static string StatusWord(WorkerState state) => state switch
    {
        WorkerState.Pending => "pending",
        WorkerState.Ready => "ready",
        WorkerState.NotReady => "not_ready",
        WorkerState.Draining => "draining",
        _ => "failed",
    };

    internal static string OriginWord(WorkerOrigin origin) => origin switch
    {
        WorkerOrigin.CommandLine => "command_line",
        WorkerOrigin.File => "file",
        WorkerOrigin.Kubernetes => "kubernetes",
        WorkerOrigin.Dns => "dns",
        _ => "api",
    };

    internal static string BreakerWord(BreakerStatus status) => status switch
    {
        BreakerStatus.Closed => "closed",
        BreakerStatus.Open => "open",
        _ => "half_open",
    };
}
