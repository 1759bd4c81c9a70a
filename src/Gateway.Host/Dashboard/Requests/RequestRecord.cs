using Gateway.Actors.Workers;
using Gateway.Host.Serving;
using Gateway.Host.Serving.Tokens.Answers;

namespace Gateway.Host.Dashboard.Requests;

/// <summary>
/// A request that has ended, as the dashboard shows it: where it went, why, and where its time went. No prompt, no answer, no key. Made once for each
/// request and never changed after it was put into the <see cref="RequestRing"/>.
/// </summary>
internal sealed class RequestRecord
{
    /// <summary>Counts the requests of this gateway, from 0. Given by the ring.</summary>
    public long Number { get; set; }

    public required string Id { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The path's pattern.</summary>
    public required string Endpoint { get; init; }

    /// <summary>As the registry calls it; null if nobody serves it, since then it is the client's own word.</summary>
    public string? Model { get; init; }

    public string? Tenant { get; init; }

    public bool IsStream { get; init; }

    /// <summary>499 if the client went away.</summary>
    public required int Status { get; init; }

    public required ExchangeEnding Ending { get; init; }

    /// <summary>What the gateway answered or ended it with; null if the engine's word was the last one.</summary>
    public string? Error { get; init; }

    public int Attempts { get; init; }

    public RequestWorker? Worker { get; init; }

    public RequestWorker? Prefill { get; init; }

    public RouteFacts Route { get; init; }

    /// <summary>The cheapest first; null for nearly all requests.</summary>
    public IReadOnlyList<WeighedWorker>? Weighed { get; init; }

    /// <summary>Null if no piece of an answer came.</summary>
    public TimeSpan? FirstPiece { get; init; }

    public required TimeSpan Total { get; init; }

    public required RequestTimes Times { get; init; }

    public long BytesIn { get; init; }

    public long BytesOut { get; init; }

    /// <summary>Null if the engine did not tell.</summary>
    public Usage? Tokens { get; init; }
}

/// <summary>A worker that served a request. Not the worker itself, whose past incarnations are to be forgotten.</summary>
internal sealed record RequestWorker(WorkerId Id, string Url, long Epoch)
{
    public static RequestWorker? Of(Worker? worker) => worker is null ? null : new RequestWorker(worker.Id, worker.Spec.Url.Text, worker.Epoch);
}

/// <summary>A worker as a policy weighed it.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="KnownBytes">Of the prompt, thought to be in its cache.</param>
/// <param name="Running">Requests in flight on it.</param>
/// <param name="PendingBytes">Of prompts that it has yet to prefill.</param>
/// <param name="Cost">The least is chosen; null if the policy has no such figure.</param>
internal sealed record WeighedWorker(string Url, long KnownBytes, int Running, long PendingBytes, double? Cost);

/// <summary>Where a request's time went; what is left of the whole is the gateway's own doing.</summary>
/// <param name="Body">Reading the body.</param>
/// <param name="Queue">Waiting for a place.</param>
/// <param name="Engine">Waiting for engines, in all attempts.</param>
/// <param name="Client">Waiting for the client to take what was written.</param>
/// <param name="Backoff">Waiting before an attempt was repeated.</param>
internal readonly record struct RequestTimes(TimeSpan Body, TimeSpan Queue, TimeSpan Engine, TimeSpan Client, TimeSpan Backoff)
{
    public TimeSpan Waits => Body + Queue + Engine + Client + Backoff;
}
