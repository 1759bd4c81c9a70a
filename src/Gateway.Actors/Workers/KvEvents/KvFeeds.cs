using Gateway.Actors.Registry;
using Gateway.Actors.Routing.Prefixes;

namespace Gateway.Actors.Workers.KvEvents;

/// <summary>Says whether and where a worker's KV events are wanted.</summary>
/// <param name="view">Says which policies the worker's models have by now.</param>
/// <param name="time">Clock of the subscriptions.</param>
internal sealed class KvFeeds(RegistryView view, TimeProvider time)
{
    public TimeProvider Time => time;

    /// <summary>
    /// The index of the first of its models that has one, once requests can be routed to this incarnation: before that no index knows it, and what
    /// it told would be lost.
    /// </summary>
    /// <returns>The incarnation as it is published, with the ranks it is served by; null if nobody wants its events.</returns>
    public (Worker Worker, IKvEventSink Sink)? WantedOf(Worker worker)
    {
        var snapshot = view.Current;
        if (!snapshot.Workers.TryGetValue(worker.Id, out var entry) || entry.Worker.Epoch != worker.Epoch || entry.State != WorkerState.Ready)
            return null;
        var published = entry.Worker;
        foreach (var card in published.Models)
        {
            if (snapshot.Models.GetValueOrDefault(card.Id) is { } model
                && model.PolicyFor(published.Spec.Role).KvEvents is { } sink
                && Serves(model, published))
                return (published, sink);
        }

        return null;
    }

    private static bool Serves(ModelSnapshot model, Worker published)
    {
        foreach (var worker in model.WorkersFor(published.Spec.Role))
        {
            if (worker.Epoch == published.Epoch || worker.Whole == published.Id)
                return true;
        }

        return false;
    }
}
