using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;

namespace Gateway.Host.Api;

/// <summary>Is the gateway alive, and can it serve: for load balancers and Kubernetes. Open to everybody.</summary>
internal sealed class HealthEndpoints(RegistryView view, AdmissionGate gate, GatewayOptions options)
{
    private Count _counted = new(RegistrySnapshot.Empty, 0, 0);

    /// <summary>The process answers: it must not be killed, not even while it drains.</summary>
    public static Task LiveAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = 2;
        return context.Response.BodyWriter.WriteAsync("OK"u8.ToArray()).AsTask();
    }

    /// <summary>New requests may be sent here: it does not drain, and a worker is ready that requests are sent to, or one for each half.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        var snapshot = view.Current;
        var (_, ready, total) = CountWorkers(snapshot);
        var reason = gate.IsDraining ? "draining" : ready == 0 ? "insufficient healthy workers" : null;
        return reason is null
            ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
            {
                json.WriteStartObject();
                json.WriteString("status"u8, "ready"u8);
                json.WriteNumber("healthy_workers"u8, ready);
                json.WriteNumber("total_workers"u8, total);
                json.WriteEndObject();
            })
            : JsonAnswer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, json =>
            {
                json.WriteStartObject();
                json.WriteString("status"u8, "not ready"u8);
                json.WriteString("reason"u8, reason);
                json.WriteEndObject();
            });
    }

    /// <summary>
    /// The ready workers that requests are sent to. Counted once for each snapshot: there may be many probes and thousands of workers. A
    /// worker that is served by its ranks is as many.
    /// </summary>
    private Count CountWorkers(RegistrySnapshot snapshot)
    {
        var counted = Volatile.Read(ref _counted);
        if (counted.Snapshot == snapshot)
            return counted;
        var (regular, total) = (0, 0);
        foreach (var (_, entry) in snapshot.Workers)
        {
            var count = Math.Max(1, entry.Worker.Ranks.Length);
            total += count;
            if (entry.State == WorkerState.Ready && entry.Worker.Spec.Role == WorkerRole.Regular && TakesRequests(entry.Worker))
                regular += count;
        }

        var ready = regular + CountPairs(snapshot);
        counted = new Count(snapshot, ready, total);
        Volatile.Write(ref _counted, counted);
        return counted;
    }

    /// <summary>A half without another half that fits generates nothing.</summary>
    private static int CountPairs(RegistrySnapshot snapshot)
    {
        var counted = new HashSet<WorkerId>();
        foreach (var (_, model) in snapshot.Models)
            Add(model.Pairs);
        if (snapshot.Wildcard is { } wildcard)
            Add(wildcard.Pairs);
        return counted.Count;

        void Add(WorkerPairs pairs)
        {
            foreach (var worker in pairs.Prefill)
                counted.Add(worker.Id);
            foreach (var worker in pairs.Decode)
                counted.Add(worker.Id);
        }
    }

    /// <summary>Over gRPC they do if the gateway knows their tokens.</summary>
    private bool TakesRequests(Worker worker) => worker.Facts.Mode == ConnectionMode.Http || options.Text.TokenizerPath is not null;

    private sealed record Count(RegistrySnapshot Snapshot, int Ready, int Total);
}
