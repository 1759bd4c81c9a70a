using System.Globalization;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// The client decides. First the worker it asks for by id, URL or index among the candidates; then the owner of its routing key on the
/// <see cref="HashRing"/>, walking on past workers that are not eligible; a request that says nothing goes to the less loaded of two.
/// </summary>
/// <remarks>
/// Both hints are wishes: a target that is unknown or not eligible does not make a request fail that another worker can serve.
/// No key is made up from Authorization, X-Forwarded-For or cookies, as the reference does: clients that share an API key or a proxy,
/// which is the usual case behind a gateway, would all go to one worker.
/// </remarks>
/// <param name="random">Must be safe for concurrent use, as <see cref="Random.Shared"/> is.</param>
public sealed class ConsistentHashingPolicy(Random random) : IRoutingPolicy
{
    private readonly PowerOfTwoPolicy _others = new(random);
    private HashRing _ring = HashRing.Empty;

    public bool ReadsHints => true;

    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        if (request.Hints.TargetWorker is { } target && Target(candidates, target) is { } wanted && request.IsEligible(wanted))
            return wanted;
        var owner = request.Hints.RoutingKey is { } key
            ? Volatile.Read(ref _ring).Find(HashRing.KeyOf(key), candidates, request)
            : null;
        return owner ?? _others.Pick(candidates, request);
    }

    public void WorkersChanged(ReadOnlySpan<Worker> ready) => Volatile.Write(ref _ring, _ring.With(ready));

    private static Worker? Target(ReadOnlySpan<Worker> candidates, string target)
    {
        if (int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return index < candidates.Length ? candidates[index] : null;
        if (WorkerId.TryParse(target, out var id))
            return CandidateList.Find(candidates, id);
        var url = target.AsSpan().TrimEnd('/');
        foreach (var worker in candidates)
        {
            if (url.Equals(worker.Spec.Url.Text, StringComparison.OrdinalIgnoreCase))
                return worker;
        }

        return null;
    }
}
