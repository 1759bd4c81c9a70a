using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// Prompts that begin alike go to the same worker, which then has their beginning in its cache: the hash of the prompt's first bytes on
/// a ring with bounded loads. With m requests in flight on n eligible workers, none takes another while it has c·(m+1)/n, rounded up;
/// the request then goes to the next on the ring with room (Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads",
/// 2018). Costs no memory, but unlike a prefix tree it does not see how long the common beginning is.
/// </summary>
/// <remarks>A request without a prompt goes to the shortest queue.</remarks>
/// <param name="context">Settings and randomness.</param>
public sealed class PrefixHashPolicy(PolicyContext context) : IRoutingPolicy
{
    /// <summary>A token of English text has about four bytes (OpenAI's rule of thumb); the gateway does not tokenize what goes out over HTTP.</summary>
    private readonly int _prefixBytes = (int)Math.Min(int.MaxValue, (long)context.Settings.PrefixHash.PrefixTokens * WorkerBacklog.BytesPerToken);
    private HashRing _ring = HashRing.Empty;

    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        Worker? owner = null;
        if (!request.Prompt.IsEmpty)
        {
            var key = HashRing.KeyOf(request.Prompt[..Math.Min(request.Prompt.Length, _prefixBytes)]);
            owner = Volatile.Read(ref _ring).Find(key, candidates, request, Capacity(candidates, request));
        }

        // Loads change while one looks, so that for a moment nobody may seem to have room.
        return owner ?? LowestScore.ByInFlight(candidates, request, context.Random);
    }

    public void WorkersChanged(ReadOnlySpan<Worker> ready) => Volatile.Write(ref _ring, _ring.With(ready));

    private int Capacity(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        long inFlight = 0;
        var eligible = 0;
        foreach (var worker in candidates)
        {
            if (!request.IsEligible(worker))
                continue;
            inFlight += worker.TotalLoad;
            eligible++;
        }

        return eligible == 0 ? 0 : (int)Math.Min(int.MaxValue, Math.Ceiling(context.Settings.PrefixHash.LoadFactor * (inFlight + 1) / eligible));
    }
}
