using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Serving.Tokens.Planning;
using Gateway.Host.Serving.Tokens.Texts;

namespace Gateway.Host.Api;

/// <summary>Is the gateway alive, and can it serve: for load balancers and Kubernetes. Open to everybody.</summary>
internal sealed class HealthEndpoints(RegistryView view, AdmissionGate gate, ModelTexts texts)
{
    private Count _counted = new(RegistrySnapshot.Empty, texts.Table, 0, 0, 0);

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
        var (_, _, ready, waiting, total) = CountWorkers(snapshot, texts.Table);
        var reason = gate.IsLeaving ? "draining"
            : ready > 0 ? null
            : waiting > 0 ? "tokenizer not yet registered"
            : "insufficient healthy workers";
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
    /// The ready workers that requests are sent to. Counted once for each snapshot and table of texts: there may be many probes and thousands
    /// of workers. A worker that is served by its ranks is as many.
    /// </summary>
    private Count CountWorkers(RegistrySnapshot snapshot, TextTable table)
    {
        var counted = Volatile.Read(ref _counted);
        if (counted.Snapshot == snapshot && counted.Texts == table)
            return counted;
        var (regular, waiting, total) = (0, 0, 0);
        foreach (var (_, entry) in snapshot.Workers)
        {
            var count = Math.Max(1, entry.Worker.Ranks.Length);
            total += count;
            if (entry.State != WorkerState.Ready || entry.Worker.Spec.Role != WorkerRole.Regular)
                continue;
            if (entry.Worker.Facts.Mode == ConnectionMode.Http || KnowsText(entry.Worker, snapshot, table))
                regular += count;
            else
                waiting += count;
        }

        var halves = new HalfCount(table);
        foreach (var (_, model) in snapshot.Models)
            halves.Add(model);
        if (snapshot.Wildcard is { } wildcard)
            halves.Add(wildcard);
        counted = new Count(snapshot, table, regular + halves.Ready, waiting + halves.Waiting, total);
        Volatile.Write(ref _counted, counted);
        return counted;
    }

    /// <summary>Over gRPC requests are sent to a worker if the gateway knows the tokens of a model that it serves.</summary>
    private static bool KnowsText(Worker worker, RegistrySnapshot snapshot, TextTable table)
    {
        foreach (var card in worker.Models)
        {
            var model = card.IsWildcard ? snapshot.Wildcard : snapshot.Models.GetValueOrDefault(card.Id);
            if (model is not null && table.Find(model).Text is not null)
                return true;
        }

        return false;
    }

    /// <summary>Counts halves of pairs, each once, whatever it is a half of. A half without another half that fits generates nothing.</summary>
    private sealed class HalfCount(TextTable table)
    {
        private readonly HashSet<WorkerId> _ready = [];
        private readonly HashSet<WorkerId> _waiting = [];

        public int Ready => _ready.Count;

        public int Waiting => _waiting.Count(id => !_ready.Contains(id));

        public void Add(ModelSnapshot model)
        {
            var knowsText = table.Find(model).Text is not null;
            Add(model.Pairs.Prefill, knowsText);
            Add(model.Pairs.Decode, knowsText);
        }

        private void Add(ReadOnlySpan<Worker> halves, bool knowsText)
        {
            foreach (var half in halves)
                (knowsText || half.Facts.Mode == ConnectionMode.Http ? _ready : _waiting).Add(half.Id);
        }
    }

    /// <param name="Snapshot">Of which it is the count.</param>
    /// <param name="Texts">The same.</param>
    /// <param name="Ready">Workers that requests are sent to.</param>
    /// <param name="Waiting">Workers that are ready, but that nobody can speak with.</param>
    /// <param name="Total">All.</param>
    private sealed record Count(RegistrySnapshot Snapshot, TextTable Texts, int Ready, int Waiting, int Total);
}
