using System.Runtime.CompilerServices;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Api;
using Gateway.Host.Configuration;

namespace Gateway.Host.Serving;

/// <summary>
/// Picks a worker and tries the request on it; while the transport fails before the client was sent a byte, and a worker is left
/// that this request has not failed on, tries the next one at once. Each attempt reads the current snapshot anew.
/// </summary>
internal sealed class AttemptLoop(ModelLookup models, Attempt attempt, ActivityTimeoutPool timeouts, GatewayOptions options)
{
    /// <summary>How often a pick may be lost to a worker that closes between snapshot and lease.</summary>
    private const int MostPicks = 8;

    private readonly int _mostAttempts = options.Retry.Disabled ? 1 : options.Retry.MaxAttempts;

    /// <summary>Serves an exchange whose model is known.</summary>
    /// <returns>Null if the client has its answer or is gone, else what to answer.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<GatewayError?> RunAsync(Exchange exchange)
    {
        using var timeout = timeouts.Rent(exchange.Context.RequestAborted);
        Tried? tried = null;
        GatewayError? error = GatewayError.NoHealthyWorkers;
        while (exchange.Attempts < _mostAttempts && TryPick(exchange, tried, out var lease))
        {
            var worker = lease.Worker;
            exchange.Worker = worker;
            exchange.Attempts++;
            var end = new AttemptEnd(AttemptOutcome.Cancelled);
            try
            {
                end = await attempt.RunAsync(exchange, worker, timeout);
            }
            finally
            {
                lease.Release(end.Outcome);
            }

            if (!end.MayTryAnother)
                return end.Error;
            // A 429 or 5xx that is to be retried after a pause would join here; it leaves the worker eligible.
            tried ??= new Tried();
            tried.Workers.Add(worker.Id);
            error = end.Error;
        }

        return error;
    }

    private bool TryPick(Exchange exchange, Tried? tried, out WorkerLease lease)
    {
        ReadOnlySpan<byte> prompt = exchange.Body is { } body ? exchange.Peek.Prompt(body.Span) : [];
        for (var pick = 0; pick < MostPicks; pick++)
        {
            // The first pick of the first attempt has the snapshot that the model was just looked up in.
            if ((pick > 0 || exchange.Attempts > 0) && models.Find(exchange) is not null)
                break;
            var model = exchange.Model!;
            var hints = model.Policy.ReadsHints ? RouteHintHeaders.Read(exchange.Context.Request.Headers) : RouteHints.None;
            long prefillBytes = prompt.Length;
            var worker = model.Policy.Pick(model.Regular, new RouteRequest(prompt, hints, in (tried ?? Tried.None).Workers, ref prefillBytes));
            if (worker is null)
                break;
            if (WorkerLease.TryAcquire(worker, prefillBytes, out lease))
                return true;
        }

        lease = default;
        return false;
    }

    /// <summary>On the heap, and only after a failure: in the state of each request it would be its largest part.</summary>
    private sealed class Tried
    {
        public static readonly Tried None = new();

        public TriedWorkers Workers;
    }
}
