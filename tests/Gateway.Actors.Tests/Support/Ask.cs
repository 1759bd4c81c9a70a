using System.Text;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Support;

/// <summary>Asks a policy for a worker as the request path does.</summary>
internal static class Ask
{
    public static Worker? Pick(IRoutingPolicy policy, ReadOnlySpan<Worker> workers, string prompt = "", string? key = null, string? target = null)
    {
        var tried = default(TriedWorkers);
        return policy.Pick(workers, new RouteRequest(Encoding.UTF8.GetBytes(prompt), new RouteHints(key, target), in tried));
    }

    public static Worker? PickAfterFailureOn(Worker failed, IRoutingPolicy policy, ReadOnlySpan<Worker> workers, string? key = null)
    {
        var tried = default(TriedWorkers);
        tried.Add(failed.Id);
        return policy.Pick(workers, new RouteRequest([], new RouteHints(key, null), in tried));
    }

    /// <summary>Picks and keeps the lease.</summary>
    public static Worker Send(IRoutingPolicy policy, ReadOnlySpan<Worker> workers, string prompt = "", string? key = null)
    {
        var worker = Pick(policy, workers, prompt, key)!;
        Occupy(worker);
        return worker;
    }

    public static void Occupy(Worker worker, int requests = 1)
    {
        for (var i = 0; i < requests; i++)
            Assert.True(WorkerLease.TryAcquire(worker, out _));
    }
}
