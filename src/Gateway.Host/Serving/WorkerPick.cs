using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Serving;

/// <summary>Has the model's policy pick a worker out of the current snapshot, and takes the lease on it.</summary>
internal sealed class WorkerPick(ModelLookup models, RouteReceipt receipt, GatewayOptions options)
{
    /// <summary>How often a pick may be lost to a worker that closes between snapshot and lease.</summary>
    private const int MostPicks = 8;

    private readonly double _panicThreshold = options.Fleet.PanicThreshold;

    /// <param name="exchange">A request whose model is known.</param>
    /// <param name="avoid">Workers that must not be picked.</param>
    /// <param name="lease">To be released exactly once, if one was taken.</param>
    /// <returns>False if no worker is eligible.</returns>
    public bool TryPick(Exchange exchange, ref readonly TriedWorkers avoid, out WorkerLease lease)
    {
        ReadOnlySpan<byte> prompt = exchange.Body is { } body ? exchange.Peek.Prompt(body.Span) : [];
        for (var pick = 0; pick < MostPicks; pick++)
        {
            // Each time anew: since the model was looked up last the request may have waited for its seat, or for its next attempt.
            if (models.Find(exchange) is not null)
                break;
            var model = exchange.Model!;
            var hints = model.Policy.ReadsHints ? RouteHintHeaders.Read(exchange.Context.Request.Headers) : RouteHints.None;
            var panics = PanicMode.IsOn(model.Regular, _panicThreshold);
            var explanation = receipt.IsAskedFor(exchange) ? new RouteExplanation() : null;
            var loads = explanation is null ? null : RouteReceipt.Loads(model.Regular);
            // What must be prefilled is the whole prompt, unless the policy knows better.
            long prefillBytes = prompt.Length;
            var request = new RouteRequest(prompt, hints, in avoid, ref prefillBytes, panics) { Explanation = explanation };
            var worker = model.Policy.Pick(model.Regular, request);
            if (worker is null)
                break;
            if (!WorkerLease.TryAcquire(worker, prefillBytes, panics, out lease))
                continue;
            if (explanation is not null)
                RouteReceipt.Write(exchange, model, worker, loads!, explanation);
            return true;
        }

        lease = default;
        return false;
    }

    /// <summary>True if, as things are, some worker of the request's model might be picked.</summary>
    public bool AnyEligible(Exchange exchange, ref readonly TriedWorkers avoid)
    {
        if (models.Find(exchange) is not null)
            return false;
        var candidates = exchange.Model!.Regular;
        var request = new RouteRequest([], RouteHints.None, in avoid, PanicMode.IsOn(candidates, _panicThreshold));
        foreach (var worker in candidates)
        {
            if (request.IsEligible(worker))
                return true;
        }

        return false;
    }
}
