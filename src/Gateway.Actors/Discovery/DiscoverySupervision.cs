using Akka.Actor;
using Akka.Pattern;

namespace Gateway.Actors.Discovery;

/// <summary>
/// How sources of workers are supervised: each has a supervisor of its own, so that a broken source disturbs no other.
/// One that fails is started anew, from nothing, after a delay that grows and is jittered, for ever. One that ends by itself is left alone.
/// </summary>
internal static class DiscoverySupervision
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);
    private const double Jitter = 0.2;
    private const int NoLimit = -1;

    public static Props Supervise(Props source, string name) => BackoffSupervisor.Props(
        Akka.Pattern.Backoff.OnFailure(source, name, ShortestDelay, LongestDelay, Jitter, NoLimit));
}
